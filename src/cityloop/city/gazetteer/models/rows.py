"""The index: rows made from areas, place names and elements, and made anew when those change."""

from __future__ import annotations

from django.db import models


class Named(models.Model):
    """A name that finds a place: a street, a compound, an area, a school."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=8)  # area | name | element | implied (by its houses)
    source_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)  # as engines.locating has them
    detail = models.CharField(max_length=64, blank=True)  # kind of the element
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    sound = models.CharField(max_length=600, blank=True)
    stem = models.BigIntegerField()  # hash of the name: what its houses carry
    area = models.BigIntegerField(null=True)  # where no point is known, or the area itself
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    mesh = models.BigIntegerField(null=True)
    public = models.BooleanField(default=False)

    class Meta:
        verbose_name = "地名 Name"
        verbose_name_plural = "地名 Names"
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="gazetteer_name_once")
        ]
        indexes = [
            models.Index(fields=["mesh"], name="gazetteer_name_mesh"),
            models.Index(fields=["stem"], name="gazetteer_name_stem"),
        ]

    def __str__(self) -> str:
        return f"{self.name_zh} ({self.kind})"


class Spelling(models.Model):
    """A way to write a name, as a hash."""

    id = models.BigAutoField(primary_key=True)
    hash = models.BigIntegerField()
    named = models.ForeignKey(Named, on_delete=models.CASCADE, related_name="spellings")

    class Meta:
        verbose_name = "写法 Spelling"
        verbose_name_plural = "写法 Spellings"
        indexes = [models.Index(fields=["hash"], name="gazetteer_spelling_hash")]

    def __str__(self) -> str:
        return f"{self.hash}"


class House(models.Model):
    """A numbered house of a street, or a building of a compound."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=8)
    source_id = models.BigIntegerField()
    detail = models.CharField(max_length=64, blank=True)  # kind of the element
    stem = models.BigIntegerField()  # of the name it belongs to
    number = models.CharField(max_length=24)
    unit = models.CharField(max_length=8)  # house | building
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    mesh = models.BigIntegerField()
    public = models.BooleanField(default=False)

    class Meta:
        verbose_name = "门牌 House"
        verbose_name_plural = "门牌 Houses"
        indexes = [
            models.Index(fields=["stem", "number"], name="gazetteer_house_stem"),
            models.Index(fields=["mesh"], name="gazetteer_house_mesh"),
            models.Index(fields=["source", "source_id"], name="gazetteer_house_source"),
            models.Index(fields=["detail"], name="gazetteer_house_detail"),
        ]

    def __str__(self) -> str:
        return self.name_zh


class Seen(models.Model):
    """What was entered of a source: its stamp then. The row "" counts the changes of the index."""

    source = models.CharField(max_length=80, unique=True)
    stamp = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "已读 Seen"
        verbose_name_plural = "已读 Seen"

    def __str__(self) -> str:
        return f"{self.source}: {self.stamp}"
