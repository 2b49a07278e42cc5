"""Which tours a person has seen."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class TourSeen(models.Model):
    """A tour that need not begin by itself again for this person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    tour = models.CharField(max_length=40)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "tour"], name="tour_seen_once")]
        verbose_name = "已看引导 Tour"
        verbose_name_plural = "已看引导 Tours"

    def __str__(self) -> str:
        return self.tour
