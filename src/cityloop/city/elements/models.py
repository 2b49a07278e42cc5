"""Kinds, elements with their versions, inspections and their plans, sealed person cards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cityloop.city.elements.domain import FAMILY_NAMES, GEOMETRY_NAMES

NOW = Q(valid_to__isnull=True)


class Kind(models.Model):
    """What is registered: buildings, lamps, shops. A city adds its own."""

    code = models.CharField(max_length=64, unique=True)
    family = models.CharField(
        max_length=12, choices=[(f.value, f"{zh} {en}") for f, (zh, en) in FAMILY_NAMES.items()]
    )
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    geometry = models.CharField(
        max_length=8, choices=[(g.value, f"{zh} {en}") for g, (zh, en) in GEOMETRY_NAMES.items()]
    )
    schema = models.JSONField(default=dict, blank=True)
    # Big and small class of a component (GB/T 30428.2); also its class in the case catalogue.
    component_code = models.CharField(max_length=4, blank=True)
    searchable = models.BooleanField(default=False)
    inspect_every_days = models.PositiveIntegerField(null=True, blank=True)
    # Grows with every change of its elements: what a reader remembers of the kind is then old.
    stamp = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["code"]
        verbose_name = "要素类别 Kind"
        verbose_name_plural = "要素类别 Kinds"

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Element(models.Model):
    """One version of one element; the current one has no `valid_to`."""

    id = models.BigAutoField(primary_key=True)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, db_index=False)
    code = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    lon = models.FloatField()  # a point on it, WGS84 degrees
    lat = models.FloatField()
    geometry = models.BinaryField(null=True, blank=True)  # WKB, WGS84 lon/lat; None = the point
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    mesh = models.BigIntegerField()  # domain.mesh: where its box lies, as one number
    cell = models.ForeignKey(
        "places.Area", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    community = models.ForeignKey(
        "places.Area", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    households = models.IntegerField(null=True, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=40, blank=True)
    source_key = models.CharField(max_length=80, blank=True)
    fingerprint = models.BigIntegerField()  # of everything that was given: equal = unchanged
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    # Of the first version and of the last inspection: the next one is due after the later.
    registered_at = models.DateTimeField(default=timezone.now)
    inspected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "要素 Element"
        verbose_name_plural = "要素 Elements"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"], condition=NOW, name="element_code_now"
            ),
            models.UniqueConstraint(
                fields=["kind", "code", "version"], name="element_version_once"
            ),
        ]
        indexes = [
            models.Index(fields=["mesh", "id"], condition=NOW, name="element_mesh"),
            models.Index(fields=["kind", "mesh", "id"], condition=NOW, name="element_kind_mesh"),
            models.Index(fields=["community", "kind"], condition=NOW, name="element_community"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class LocatedVersion(models.Model):
    """One row: the state of the areas in which every element was last located."""

    number = models.BigIntegerField(default=0)


class InspectionPlan(models.Model):
    """Every component of a kind in an area is looked at every so many days."""

    kind = models.ForeignKey(Kind, on_delete=models.CASCADE, related_name="plans")
    area = models.ForeignKey(
        "places.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    every_days = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "巡检计划 Inspection plan"
        verbose_name_plural = "巡检计划 Inspection plans"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "area"],
                condition=Q(ended_at__isnull=True),
                name="one_inspection_plan",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(ended_at__isnull=True, area__isnull=True),
                name="one_inspection_plan_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id}:{self.area_id} {self.every_days}"


class Inspection(models.Model):
    """Somebody looked at a component, and what they found."""

    id = models.BigAutoField(primary_key=True)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, db_index=False)
    code = models.CharField(max_length=80)  # of the element, through all its versions
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=8)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Drawn by the device: an inspection sent twice is one.
    external_id = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = "巡检记录 Inspection"
        verbose_name_plural = "巡检记录 Inspections"
        indexes = [models.Index(fields=["kind", "code", "at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["inspector", "external_id"],
                condition=~Q(external_id=""),
                name="inspection_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.result}"


class PersonCard(models.Model):
    """A person whom a city keeps for one declared purpose; off unless the profile says so.

    Everything about the person is sealed; only where and what for is readable.
    """

    id = models.BigAutoField(primary_key=True)
    community = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)
    sealed = models.TextField(blank=True)  # "" = erased
    kept_until = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "人员卡 Person card"
        verbose_name_plural = "人员卡 Person cards"
        indexes = [models.Index(fields=["community", "purpose"])]

    def __str__(self) -> str:
        return f"#{self.pk} {self.purpose}"
