"""Extension (延期), suspension (挂账), appeal (申诉): asked, decided at two levels."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Approval(models.Model):
    """One request. It is open until refused, granted at both levels, or lapsed."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="approvals")
    kind = models.CharField(
        max_length=10,
        choices=[
            ("extension", "延期 extension"),
            ("suspension", "挂账 suspension"),
            ("appeal", "申诉 appeal"),
        ],
    )
    state = models.CharField(
        max_length=8,
        default="asked",
        choices=[
            ("asked", "待一级审批 asked"),
            ("first", "待二级审批 first granted"),
            ("granted", "同意 granted"),
            ("refused", "不同意 refused"),
            ("lapsed", "失效 lapsed"),
        ],
    )
    until = models.DateTimeField(null=True, help_text="suspension: resumes by itself then")
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    first_by = models.BigIntegerField(null=True)
    first_at = models.DateTimeField(null=True)
    second_by = models.BigIntegerField(null=True)
    second_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(help_text="undecided by then: lapses, and the asker is told")

    class Meta:
        verbose_name = "审批 Approval"
        verbose_name_plural = "审批 Approvals"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(state__in=["asked", "first"]),
                name="one_open_approval_of_a_kind",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["asked", "first"]), name="approval_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"
