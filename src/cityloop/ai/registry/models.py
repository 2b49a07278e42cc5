"""How far each model is let in, and day by day what became of its answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cityloop.ai.registry.domain import Mode

MODES = [(mode.value, mode.value) for mode in Mode]


class Rollout(models.Model):
    """A model's way into service. A changed mode is a new row: the history stays."""

    kind = models.CharField(max_length=24, help_text="what it answers: class, department, ...")
    model = models.CharField(max_length=64, help_text="label of the model version: class-3")
    fingerprint = models.CharField(max_length=64)
    mode = models.CharField(max_length=8, choices=MODES)
    share = models.FloatField(default=0.0, help_text="of the reports, in mode share")
    promise = models.FloatField(help_text="accuracy promised for what it decides by itself")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    why_zh = models.CharField(max_length=300, blank=True)
    why_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = "上线记录 Roll-out"
        verbose_name_plural = "上线记录 Roll-outs"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "model"],
                condition=Q(ended_at__isnull=True),
                name="one_open_rollout",
            ),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="rollout_share"),
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.mode}"


class DayRecord(models.Model):
    """What became of one model's answers of one day; written anew while the day's cases move on."""

    kind = models.CharField(max_length=24)
    model = models.CharField(max_length=64)
    day = models.DateField()
    shadow = models.BooleanField(default=False)
    answered = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    classes = models.JSONField(default=dict)

    class Meta:
        ordering = ["-day"]
        verbose_name = "模型日记录 Model day"
        verbose_name_plural = "模型日记录 Model days"
        constraints = [
            models.UniqueConstraint(
                fields=["model", "day", "shadow"], name="one_record_a_model_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.day}"


class Answered(models.Model):
    """How one answer of a model stands: what the day record has counted of it.

    Kept as long as answers are judged; the case is named by its number alone.
    """

    case_id = models.BigIntegerField()
    shadow = models.BooleanField(default=False)
    model = models.CharField(max_length=64)
    day = models.DateField(db_index=True)
    class_key = models.CharField(max_length=16)
    accepted = models.BooleanField(default=False)
    judged = models.BooleanField(default=False)
    right = models.BooleanField(default=False)

    class Meta:
        verbose_name = "模型答案 Answer of a model"
        verbose_name_plural = "模型答案 Answers of models"
        constraints = [
            models.UniqueConstraint(fields=["case_id", "shadow"], name="one_answer_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.class_key}"
