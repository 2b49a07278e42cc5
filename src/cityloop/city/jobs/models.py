"""Jobs: at least once, crash-safe, written in the transaction that wants them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of later work. `token` fences: only the holder of the lease may finish it."""

    kind = models.CharField(max_length=48)
    payload = models.JSONField(default=dict)
    run_at = models.DateTimeField()
    dedupe_key = models.CharField(max_length=120, null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=8)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.CharField(max_length=32, blank=True)
    state = models.CharField(
        max_length=8,
        default="waiting",
        choices=[("waiting", "等待 waiting"), ("done", "完成 done"), ("dead", "失败 dead")],
    )
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["run_at"], condition=Q(state="waiting"), name="job_due"),
            models.Index(fields=["finished_at"], condition=Q(state="done"), name="job_done"),
            models.Index(fields=["id"], condition=Q(state="dead"), name="job_dead"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "dedupe_key"],
                condition=Q(state="waiting") & Q(dedupe_key__isnull=False),
                name="job_once",
            )
        ]
        verbose_name = "作业 Job"
        verbose_name_plural = "作业 Jobs"

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Lease(models.Model):
    """Who, of several workers, runs the periodic functions now."""

    name = models.CharField(max_length=48, primary_key=True)
    holder = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "租约 Lease"
        verbose_name_plural = "租约 Leases"

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
