"""The catalogue on the staff site, to read: a version is never changed. Work days are kept here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cityloop.business.catalogue import commands
from cityloop.business.catalogue.commands.calendar import Day, remove_work_day, set_work_days
from cityloop.business.catalogue.models import CaseClass, Condition, Duty, Version, WorkDay
from cityloop.city.accounts.domain import DEPARTMENT_ROLES, DESK, SUPERVISORS, Role
from cityloop.city.accounts.role_admin import RoleAdmin, site_viewer
from cityloop.kernel.errors import DomainError

READERS = (
    DESK
    | SUPERVISORS
    | DEPARTMENT_ROLES
    | {Role.ANALYST, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
)
SYSTEM_ONLY = frozenset({Role.SYSTEM_ADMIN})


@admin.register(Version)
class VersionAdmin(RoleAdmin):
    may_view = READERS
    list_display = ("number", "name", "source", "class_count", "active", "created_at")
    actions = ["activate"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        return super().get_queryset(request).annotate(_classes=Count("classes"))

    @admin.display(description="类别 classes")
    def class_count(self, row: Any) -> int:
        return int(row._classes)

    @admin.action(description="启用 Activate")
    def activate(self, request: HttpRequest, queryset: QuerySet[Version]) -> None:
        for row in queryset:
            try:
                commands.choose_version(row.number, actor=site_viewer(request), now=timezone.now())
            except DomainError as error:
                self.say(request, error)


class ConditionInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Condition
    can_delete = False
    fields = readonly_fields = (
        "seq",
        "file_zh",
        "close_zh",
        "limit_value",
        "limit_unit",
        "departments",
        "units_text",
        "remark",
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site_viewer(request).holds(*READERS)


@admin.register(CaseClass)
class CaseClassAdmin(RoleAdmin):
    may_view = READERS
    list_display = ("key", "name_zh", "name_en", "big_zh", "urgency", "version")
    list_filter = ("version", "kind", "urgency")
    list_select_related = ("version",)
    search_fields = ("key", "name_zh", "name_en", "aliases")
    inlines = [ConditionInline]


@admin.register(Duty)
class DutyAdmin(RoleAdmin):
    may_view = READERS
    list_display = ("pattern", "area", "lead", "co", "remark", "version")
    list_filter = ("version", "lead")
    list_select_related = ("version", "area")
    search_fields = ("pattern", "lead")


@admin.register(WorkDay)
class WorkDayAdmin(RoleAdmin):
    may_view = READERS
    may_add = may_change = may_delete = SYSTEM_ONLY
    list_display = ("day", "works", "name")
    list_filter = ("works",)
    date_hierarchy = "day"
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("day",) if obj else ()

    def save_model(self, request: HttpRequest, obj: WorkDay, form: Any, change: bool) -> None:
        day = Day(obj.day, obj.works, obj.name)
        set_work_days([day], actor=site_viewer(request), now=timezone.now())
        obj.pk = WorkDay.objects.get(day=obj.day).pk

    def delete_model(self, request: HttpRequest, obj: WorkDay) -> None:
        remove_work_day(obj.day, actor=site_viewer(request), now=timezone.now())
