"""Divisions on the table: drafts of a community's cells, step by step, until published."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """A community being divided anew. The city's cells stay as they are until it is published."""

    community = models.CharField(max_length=24, help_text="code")
    theme = models.CharField(max_length=32, default="general", help_text="layer of grids")
    window = models.JSONField(help_text="lo, hi, target, weight")
    plane = models.JSONField(help_text="lon, lat: origin of the metres of its steps")
    before = models.JSONField(help_text="present cells: number to WKB in hex, metres")
    stood = models.JSONField(default=dict, help_text="figures of the present cells")
    reasons = models.JSONField(default=list, help_text="what the engine found of the community")
    made_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "划分草案 Draft"
        verbose_name_plural = "划分草案 Drafts"

    def __str__(self) -> str:
        return f"{self.community} #{self.pk}"


class Step(models.Model):
    """What a person did, and the cells after it; undoing takes the last one back."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=12)
    cells = models.JSONField(help_text="number to WKB in hex, metres")
    locked = models.JSONField(default=list)
    taken = models.JSONField(default=list, help_text="numbers of ended cells")
    changed = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="step_once_a_draft")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.number} {self.act}"
