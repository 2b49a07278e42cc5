"""What one department has to do for a case."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cityloop.business.cases.domain import TASK_FINAL, TASK_STATE_NAMES

FINAL = Q(state__in=sorted(s.value for s in TASK_FINAL))


class Task(models.Model):
    """任务: lead (主办) or co-handling (协办), side by side."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="tasks")
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    part = models.CharField(
        max_length=4, choices=[("lead", "主办 lead"), ("co", "协办 co-handler")]
    )
    state = models.CharField(
        max_length=10, choices=[(s.value, f"{z} {e}") for s, (z, e) in TASK_STATE_NAMES.items()]
    )
    handler_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField()
    respond_due_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True)
    feedback_due_at = models.DateTimeField(null=True)
    fed_back_at = models.DateTimeField(null=True)
    handle_due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    timer_at = models.DateTimeField(null=True)
    timer_kind = models.CharField(max_length=10, blank=True)
    late_response = models.BooleanField(default=False)
    late_feedback = models.BooleanField(default=False)
    late_handling = models.BooleanField(default=False)
    paused_left = models.JSONField(null=True)
    result = models.TextField(blank=True)
    round = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "任务 Task"
        verbose_name_plural = "任务 Tasks"
        indexes = [
            models.Index(F("timer_at"), condition=Q(timer_at__isnull=False), name="task_timer"),
            models.Index(
                fields=["department", "handle_due_at", "id"],
                condition=Q(ended_at__isnull=True),
                name="task_desk",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=FINAL | Q(state="suspended") | Q(timer_at__isnull=False),
                name="open_task_has_timer",
            ),
            # So that "not ended" can be asked of the index of the live tasks.
            models.CheckConstraint(
                condition=(FINAL & Q(ended_at__isnull=False)) | (~FINAL & Q(ended_at__isnull=True)),
                name="final_task_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.department_id}"
