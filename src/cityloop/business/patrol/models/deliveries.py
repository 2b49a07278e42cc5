"""What a device handed in, so that it happens once however often it is sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Delivery(models.Model):
    """One item of a device's outbox. The row and what it did are one transaction."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    client_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)
    fingerprint = models.CharField(max_length=64)
    # what was answered: case number, photo id, ...
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "终端送达 Delivery"
        verbose_name_plural = "终端送达 Deliveries"
        constraints = [models.UniqueConstraint(fields=["user", "client_id"], name="delivered_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id}"
