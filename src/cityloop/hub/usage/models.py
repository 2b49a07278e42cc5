"""Counts of uses: of persons for some weeks, then of days."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Use(models.Model):
    """How often a person used a function on a day. Shown to this person alone."""

    day = models.DateField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    role = models.CharField(max_length=32)
    function = models.CharField(max_length=40)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day", "function", "role"], name="one_use_a_day"
            ),
        ]
        indexes = [models.Index(fields=["day", "function"], name="use_day")]
        verbose_name = "使用次数 Use"
        verbose_name_plural = "使用次数 Uses"

    def __str__(self) -> str:
        return f"{self.day} {self.function} {self.uses}"


class DayFigure(models.Model):
    """What stays of a day: how many people of a post used a function, and how often."""

    day = models.DateField()
    role = models.CharField(max_length=32)
    function = models.CharField(max_length=40)
    people = models.PositiveIntegerField()
    uses = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "function", "role"], name="one_figure_a_day"),
        ]
        verbose_name = "使用日计 Day"
        verbose_name_plural = "使用日计 Days"

    def __str__(self) -> str:
        return f"{self.day} {self.function} {self.people}"
