"""What is told: webhooks to other systems, notices to reporters and to staff."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Webhook(models.Model):
    """Another system that is told. The secret is sealed; the url may hold no credentials."""

    name = models.CharField(max_length=80)
    url = models.URLField(max_length=500)
    secret = models.TextField()
    kinds = models.JSONField(default=list, help_text='"case.close", "case.*" or "*"')
    area = models.ForeignKey(
        "places.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    active = models.BooleanField(default=True)
    # Attempts that failed since the last one that did not.
    failures = models.PositiveIntegerField(default=0)
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "推送 Webhook"
        verbose_name_plural = "推送 Webhooks"

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event for one webhook: body and id stay the same in every attempt."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    position = models.BigIntegerField(help_text="of the event in the ledger")
    kind = models.CharField(max_length=40)
    message_id = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    state = models.CharField(
        max_length=9,
        default="waiting",
        choices=[
            ("waiting", "等待 waiting"),
            ("delivered", "送达 delivered"),
            ("dead", "失败 dead"),
        ],
    )
    attempts = models.PositiveIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "position"], name="event_once_a_webhook")
        ]
        indexes = [models.Index(fields=["state", "id"], name="delivery_state")]
        verbose_name = "推送记录 Delivery"
        verbose_name_plural = "推送记录 Deliveries"

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class Told(models.Model):
    """What somebody is told of an event, in both languages."""

    position = models.BigIntegerField(help_text="of the event in the ledger")
    kind = models.CharField(max_length=40)
    text_zh = models.TextField()
    text_en = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class Notice(Told):
    """What a reporter is told; shown with the case they follow."""

    report = models.ForeignKey("cases.Report", on_delete=models.CASCADE, related_name="+")
    # "page": to be read where the case is followed. Another name: sent by that channel too.
    channel = models.CharField(max_length=24, default="page")
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="event_once_a_report")
        ]
        verbose_name = "告知 Notice"
        verbose_name_plural = "告知 Notices"

    def __str__(self) -> str:
        return f"{self.kind} to {self.report_id}"


class StaffNotice(Told):
    """What somebody at a post is told, with its reason and where to look; read until `read_at`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    link = models.CharField(max_length=200)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "position"], name="event_once_a_person")
        ]
        verbose_name = "提醒 Staff notice"
        verbose_name_plural = "提醒 Staff notices"

    def __str__(self) -> str:
        return f"{self.kind} to user {self.user_id}"
