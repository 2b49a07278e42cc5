"""Imports on the staff site: to look at, not to change."""

from __future__ import annotations

from django.contrib import admin

from cityloop.business.intake.models import ImportRun
from cityloop.business.intake.rules import IMPORTERS
from cityloop.city.accounts.role_admin import RoleAdmin


@admin.register(ImportRun)
class ImportRunAdmin(RoleAdmin):
    may_view = IMPORTERS
    list_display = ("id", "file_name", "channel", "state", "position", "dry_run", "created_at")
    list_filter = ("state", "channel", "dry_run")
    search_fields = ("file_name", "file_sha256")
    exclude = ("stored",)
