"""Tracks are kept apart, sealed, and for a while."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cityloop.business.patrol.models.patrols import Patrol


class Consent(models.Model):
    """A worker agreed to be tracked on duty, to this text, until withdrawn."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=24)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "轨迹同意 Consent"
        verbose_name_plural = "轨迹同意 Consents"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(withdrawn_at__isnull=True), name="one_consent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.version}"


class TrackPart(models.Model):
    """Some minutes of a track: sealed JSON [[lon, lat, unix seconds, accuracy m], ...]."""

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="parts")
    first_at = models.DateTimeField()
    points = models.TextField()
    count = models.PositiveIntegerField()
    erase_after = models.DateField(db_index=True)

    class Meta:
        verbose_name = "轨迹 Track"
        verbose_name_plural = "轨迹 Tracks"

    def __str__(self) -> str:
        return f"{self.patrol_id} {self.first_at:%m-%d %H:%M}"


class TrackOpening(models.Model):
    """Somebody looked at a worker's track; the worker sees this."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    opened_by = models.BigIntegerField()
    opened_at = models.DateTimeField()
    patrol_id = models.BigIntegerField()
    purpose = models.CharField(max_length=200)

    class Meta:
        verbose_name = "轨迹查看 Track opened"
        verbose_name_plural = "轨迹查看 Tracks opened"
        indexes = [models.Index(fields=["worker", "opened_at"], name="track_openings")]

    def __str__(self) -> str:
        return f"{self.opened_by} → {self.worker_id}"
