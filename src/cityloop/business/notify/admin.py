"""Webhooks and deliveries on the staff site: to look at, and to send again."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cityloop.business.notify.commands import redeliver
from cityloop.business.notify.models import Delivery, Webhook
from cityloop.city.accounts.domain import Role
from cityloop.city.accounts.role_admin import RoleAdmin, site_viewer
from cityloop.kernel.errors import DomainError

KEEPERS = frozenset({Role.SYSTEM_ADMIN})


@admin.register(Webhook)
class WebhookAdmin(RoleAdmin):
    may_view = KEEPERS
    list_display = ["name", "url", "active", "failures"]
    exclude = ["secret"]
    actions = ["send_again"]

    @admin.action(description="重新推送失败的消息 Redeliver dead letters", permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        actor = site_viewer(request)
        for webhook in queryset:
            try:
                count = redeliver(webhook.pk, actor=actor, now=timezone.now())
                self.message_user(request, f"{webhook}: {count}")
            except DomainError as error:
                self.message_user(request, error.zh, messages.WARNING)


@admin.register(Delivery)
class DeliveryAdmin(RoleAdmin):
    may_view = KEEPERS
    list_display = ["message_id", "webhook", "kind", "state", "attempts", "last_status"]
    list_filter = ["state", "webhook"]
