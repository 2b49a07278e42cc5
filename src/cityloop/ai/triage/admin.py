"""Models and corrections on the staff site, to read; activation is an action."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cityloop.ai.triage import commands
from cityloop.ai.triage.commands.activation import MAY_APPROVE
from cityloop.ai.triage.models import Correction, ModelVersion, OpinionDay
from cityloop.city.accounts.domain import Role
from cityloop.city.accounts.role_admin import RoleAdmin, site_viewer
from cityloop.kernel.errors import DomainError


@admin.register(ModelVersion)
class ModelVersionAdmin(RoleAdmin):
    may_view = frozenset({*MAY_APPROVE, Role.AUDIT_ADMIN, Role.DISPATCHER, Role.ACCEPTOR})
    list_display = ("label", "name", "trained_on", "measured", "threshold", "active", "created_at")
    list_filter = ("kind", "active")
    actions = ["activate"]

    @admin.display(description="正确率 accuracy")
    def measured(self, row: ModelVersion) -> str:
        accuracy = row.report.get("accuracy")
        return "–" if accuracy is None else f"{accuracy:.3f}"

    @admin.action(description="启用 Activate")
    def activate(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        for row in queryset:
            try:
                commands.activate_model(row.pk, actor=site_viewer(request), now=timezone.now())
            except DomainError as error:
                self.say(request, error)


@admin.register(Correction)
class CorrectionAdmin(RoleAdmin):
    may_view = frozenset(MAY_APPROVE)
    list_display = ("case_id", "suggested", "chosen", "at", "used_in")
    list_filter = ("used_in",)
    list_select_related = ("used_in",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("case_id", "suggested", "chosen", "by", "at", "used_in", "title", "text")


@admin.register(OpinionDay)
class OpinionDayAdmin(RoleAdmin):
    may_view = frozenset(MAY_APPROVE)
    list_display = ("on", "calls", "tokens", "cost")
