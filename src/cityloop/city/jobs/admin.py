"""Jobs in the administration pages: dead ones can be tried again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cityloop.city.accounts.queries import viewer_of_request
from cityloop.city.jobs.commands import revive
from cityloop.city.jobs.models import Job
from cityloop.kernel.errors import DomainError


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ["id", "kind", "state", "run_at", "attempts", "error"]
    list_filter = ["state", "kind"]
    ordering = ["-id"]
    actions = ["try_again"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="重试 Try again", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        actor = viewer_of_request(request)
        for job in queryset:
            try:
                revive(job.pk, actor=actor, now=timezone.now())
            except DomainError as error:
                self.message_user(request, error.zh, messages.WARNING)
