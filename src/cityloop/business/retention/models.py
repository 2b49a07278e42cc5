"""Chosen times, and what each run erased."""

from __future__ import annotations

from django.db import models


class Rule(models.Model):
    """The days chosen for a kind; without a row the default of rules.py holds."""

    key = models.CharField(max_length=24, primary_key=True)
    days = models.PositiveIntegerField()
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "留存规则 Retention rule"
        verbose_name_plural = "留存规则 Retention rules"

    def __str__(self) -> str:
        return f"{self.key}: {self.days} d"


class Run(models.Model):
    """One run that erased something."""

    key = models.CharField(max_length=24)
    before = models.DateTimeField()
    erased = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "留存执行 Retention run"
        verbose_name_plural = "留存执行 Retention runs"

    def __str__(self) -> str:
        return f"{self.key} {self.at:%Y-%m-%d}: {self.erased}"
