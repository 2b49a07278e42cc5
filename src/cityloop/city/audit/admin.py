"""The trace in the administration pages: to read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cityloop.city.audit.models import Checkpoint, Cursor, Event


class ReadOnly(admin.ModelAdmin):
    """Nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ["position", "at", "kind", "subject_type", "subject_id", "actor_kind"]
    list_filter = ["subject_type"]
    ordering = ["-id"]
    show_full_result_count = False
    # Free text and its salt are opened in the case, by those who may, not here.
    exclude = ["private", "salt", "leaf_hash"]


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnly):
    list_display = ["size", "at"]
    ordering = ["-size"]
    exclude = ["root"]


@admin.register(Cursor)
class CursorAdmin(ReadOnly):
    list_display = ["name", "position", "failures", "retry_at"]
