"""Urges and their answers; written by following the trace, so however an urge is made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Urging(models.Model):
    """One urge: by whom, of which level, answered by whom until when."""

    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    event_id = models.BigIntegerField(unique=True)
    level = models.CharField(max_length=12)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
    answer_event = models.BigIntegerField(null=True)
    answer_kind = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "督办 Urging"
        verbose_name_plural = "督办 Urgings"
        indexes = [
            models.Index(fields=["case", "id"], name="urging_case"),
            models.Index(
                fields=["due_at"], condition=Q(answered_at__isnull=True), name="urging_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} urges {self.case_id}"
