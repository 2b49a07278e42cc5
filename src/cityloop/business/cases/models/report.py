"""Reports are immutable; the reporter is kept apart, sealed."""

from __future__ import annotations

from typing import Any

from django.db import models

from cityloop.business.cases.domain.headline import headline
from cityloop.kernel.errors import Conflict


class Report(models.Model):
    """One message about one matter from one channel (上报 / 诉求). Never changed."""

    channel = models.CharField(max_length=24)
    external_id = models.CharField(max_length=120)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="reports")
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8, default="zh")
    address = models.CharField(max_length=300, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    # As declared by the sender, before conversion to WGS84.
    declared = models.JSONField(default=dict)
    class_hint = models.CharField(max_length=5, blank=True)
    happened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    submitted_by = models.BigIntegerField(null=True)
    extra = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="report_once_a_channel")
        ]
        indexes = [models.Index(fields=["received_at"])]
        verbose_name = "上报 Report"
        verbose_name_plural = "上报 Reports"

    def __str__(self) -> str:
        return self.title or headline(self.text)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Conflict(
                "report.immutable",
                f"Report {self.pk} cannot be changed; add a comment to its case instead.",
                f"上报 {self.pk} 不可修改，请在案卷中补充说明。",
            )
        super().save(*args, **kwargs)


class Reporter(models.Model):
    """Who reported: sealed values, opened with a purpose, erased by the retention rule."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="reporter")
    name = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    user_id = models.BigIntegerField(null=True, db_index=True)
    confidential = models.BooleanField(default=False)
    # Only the digest of the follow-up key is kept; who holds the key is the reporter.
    follow_digest = models.CharField(max_length=64, blank=True, db_index=True)
    erase_after = models.DateField(null=True, db_index=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "反映人 Reporter"
        verbose_name_plural = "反映人 Reporters"

    def __str__(self) -> str:
        return f"reporter of {self.report_id}"
