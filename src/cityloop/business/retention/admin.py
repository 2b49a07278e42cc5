"""Times and runs on the staff site, to read."""

from __future__ import annotations

from django.contrib import admin

from cityloop.business.retention.models import Rule, Run
from cityloop.city.accounts.domain import ADMINISTRATORS
from cityloop.city.accounts.role_admin import RoleAdmin


@admin.register(Rule)
class RuleAdmin(RoleAdmin):
    may_view = ADMINISTRATORS
    list_display = ("key", "days", "active", "changed_at")


@admin.register(Run)
class RunAdmin(RoleAdmin):
    may_view = ADMINISTRATORS
    list_display = ("key", "before", "erased", "at")
