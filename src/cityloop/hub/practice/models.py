"""Exercises and who may see them. No row here refers to a case."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Run(models.Model):
    """One exercise of one person.

    items: the matters with their solutions; answers: one entry a matter, None while it is open:
    {"answer": {...}, "mark": "good" | "fair" | "wrong", "refused": times the rules refused it}.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    role = models.CharField(max_length=32)
    seed = models.PositiveIntegerField()
    items = models.JSONField()
    answers = models.JSONField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="practice_of")]
        verbose_name = "练习 Exercise"
        verbose_name_plural = "练习 Exercises"

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class Consent(models.Model):
    """While this row is there, the person's superiors may see the training record."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = "练习记录同意 Consent"
        verbose_name_plural = "练习记录同意 Consents"

    def __str__(self) -> str:
        return f"{self.user_id} {self.given_at:%Y-%m-%d}"
