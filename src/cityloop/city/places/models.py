"""The area tree, duty grids and shifts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cityloop.city.places.domain import LEVEL_NAMES

LEVEL_CHOICES = [(level.value, f"{zh} {en}") for level, (zh, en) in LEVEL_NAMES.items()]


class Area(models.Model):
    """A node of the tree: city > district > subdistrict > community > cell."""

    level = models.CharField(max_length=12, choices=LEVEL_CHOICES)
    code = models.CharField(max_length=24)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    # WGS84 longitude/latitude, WKB; None while only the name is known.
    boundary = models.BinaryField(null=True, blank=True)
    households = models.IntegerField(null=True, blank=True)
    sensitive_place = models.BooleanField(default=False)
    attributes = models.JSONField(default=dict, blank=True)
    synthetic = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = "区域 Area"
        verbose_name_plural = "区域 Areas"
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_until__isnull=True), name="area_code_now"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class PlaceName(models.Model):
    """A name by which people find a place: street, compound, landmark (gazetteer 地名)."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24)
    area = models.ForeignKey(Area, null=True, on_delete=models.CASCADE)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    class Meta:
        indexes = [models.Index(fields=["name"])]
        verbose_name = "地名 Place name"
        verbose_name_plural = "地名 Place names"

    def __str__(self) -> str:
        return self.name


class PlacesVersion(models.Model):
    """One row; its number grows with every change of areas, so that caches know."""

    number = models.BigIntegerField(default=1)


class DutyGrid(models.Model):
    """责任网格: the set of cells one grid worker answers for (or several do)."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=120)
    community = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="duty_grids")
    cells = models.ManyToManyField(Area, related_name="in_duty_grids")

    class Meta:
        ordering = ["code"]
        verbose_name = "责任网格 Duty grid"
        verbose_name_plural = "责任网格 Duty grids"

    def __str__(self) -> str:
        return self.name


class DutyWorker(models.Model):
    """A grid worker of a duty grid; the lowest rank answers first."""

    duty_grid = models.ForeignKey(DutyGrid, on_delete=models.CASCADE, related_name="workers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="duty_grids"
    )
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["rank", "pk"]
        verbose_name = "责任网格员 Duty worker"
        verbose_name_plural = "责任网格员 Duty workers"
        constraints = [
            models.UniqueConstraint(fields=["duty_grid", "user"], name="once_in_a_duty_grid")
        ]

    def __str__(self) -> str:
        return f"{self.duty_grid_id}:{self.user_id}"


class Shift(models.Model):
    """A span in which a grid worker is on duty."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shifts"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["starts_at", "ends_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="shift_has_length"
            )
        ]
        verbose_name = "班次 Shift"
        verbose_name_plural = "班次 Shifts"

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_at:%m-%d %H:%M}"
