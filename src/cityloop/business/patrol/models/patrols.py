"""Plans, walks, and the cells seen in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Plan(models.Model):
    """巡查计划: these cells and the cells of these duty grids, every so many days."""

    code = models.CharField(max_length=24, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    cell_codes = models.JSONField(default=list)
    duty_grid_codes = models.JSONField(default=list)
    every_days = models.PositiveSmallIntegerField(default=1)
    # [{"key", "zh", "en"}]: what to look at in each cell
    checklist = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        verbose_name = "巡查计划 Patrol plan"
        verbose_name_plural = "巡查计划 Patrol plans"
        constraints = [
            models.CheckConstraint(
                condition=Q(every_days__gte=1, every_days__lte=366), name="plan_every_days"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Patrol(models.Model):
    """巡查: one walk of one worker."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=64, help_text="made on the device")
    # where the worker belongs then: the community of the duty grid, or where the role is held
    area = models.ForeignKey("places.Area", null=True, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.SET_NULL, related_name="patrols")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # until then at the latest: the end of the shift it began in
    until = models.DateTimeField()

    class Meta:
        verbose_name = "巡查 Patrol"
        verbose_name_plural = "巡查 Patrols"
        constraints = [
            models.UniqueConstraint(fields=["user", "client_id"], name="patrol_once"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at__isnull=True), name="one_patrol_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["user", "started_at"], name="patrol_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.started_at:%m-%d %H:%M}"


class Visit(models.Model):
    """A cell seen in a patrol: by the track, or ticked by hand with the checklist's answers."""

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="visits")
    cell = models.ForeignKey("places.Area", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    # The exact moment goes when the track goes: visits in order are a path as well.
    at = models.DateTimeField(null=True)
    by = models.CharField(max_length=5, choices=[("track", "轨迹 track"), ("hand", "手动 by hand")])
    answers = models.JSONField(default=dict)

    class Meta:
        verbose_name = "巡查到格 Visit"
        verbose_name_plural = "巡查到格 Visits"
        constraints = [
            models.UniqueConstraint(fields=["patrol", "cell"], name="cell_once_a_patrol")
        ]
        indexes = [models.Index(fields=["cell", "day"], name="visit_of_cell")]

    def __str__(self) -> str:
        return f"{self.cell_id} {self.day}"
