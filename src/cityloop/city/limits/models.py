"""Visits counted."""

from __future__ import annotations

from django.db import models


class Visits(models.Model):
    """Visits of one source at one door within one window."""

    key = models.CharField(max_length=64, unique=True)
    n = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "访问计数 Visits"
        verbose_name_plural = "访问计数 Visits"

    def __str__(self) -> str:
        return f"{self.n} until {self.ends_at:%m-%d %H:%M}"
