"""Webhooks, deliveries and notices in the administration pages: to look at, and to redeliver."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cityloop.business.notify.commands import redeliver
from cityloop.business.notify.models import Delivery, Notice, Webhook
from cityloop.city.accounts.queries import viewer_of_request
from cityloop.kernel.errors import DomainError


class LookOnly(admin.ModelAdmin):
    """Changes go through the commands, which record them."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Webhook)
class WebhookAdmin(LookOnly):
    list_display = ["name", "url", "active", "failures"]
    exclude = ["secret"]
    actions = ["send_again"]

    @admin.action(description="重新推送失败的消息 Redeliver dead letters", permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        actor = viewer_of_request(request)
        for webhook in queryset:
            try:
                count = redeliver(webhook.pk, actor=actor, now=timezone.now())
                self.message_user(request, f"{webhook}: {count}")
            except DomainError as error:
                self.message_user(request, error.zh, messages.WARNING)


@admin.register(Delivery)
class DeliveryAdmin(LookOnly):
    list_display = ["message_id", "webhook", "kind", "state", "attempts", "last_status"]
    list_filter = ["state", "webhook"]


@admin.register(Notice)
class NoticeAdmin(LookOnly):
    list_display = ["report_id", "kind", "channel", "created_at", "delivered_at"]
    list_filter = ["channel"]
