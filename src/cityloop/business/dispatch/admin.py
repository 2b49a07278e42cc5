"""Rules on the staff site; every write is a command."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cityloop.business.dispatch import commands
from cityloop.business.dispatch.commands import NewRule
from cityloop.business.dispatch.models import Rule
from cityloop.business.dispatch.rules import MAY_READ, MAY_WRITE
from cityloop.city.accounts.role_admin import RoleAdmin, site_viewer

FIELDS = ("key", "position", "zh", "en", "reason_zh", "reason_en", "when", "then", "area")


@admin.register(Rule)
class RuleAdmin(RoleAdmin):
    may_view = frozenset(MAY_READ)
    may_add = may_change = may_delete = frozenset(MAY_WRITE)
    fields = FIELDS
    raw_id_fields = ("area",)
    list_display = ("position", "key", "version", "zh", "saved_at", "ended_at")
    list_display_links = ("key",)
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("key", "zh", "en")
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.in_force) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.in_force) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Rule, form: Any, change: bool) -> None:
        values = {name: getattr(obj, name) for name in FIELDS if name != "area"}
        rule = NewRule(area_id=obj.area_id, **values)
        saved = commands.save_rule(rule, actor=site_viewer(request), now=timezone.now())
        obj.pk, obj.version = saved.pk, saved.version

    def delete_model(self, request: HttpRequest, obj: Rule) -> None:
        commands.remove_rule(obj.key, actor=site_viewer(request), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        for rule in queryset:
            self.delete_model(request, rule)
