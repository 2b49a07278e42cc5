"""Areas, names, duty grids and shifts on the staff site."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cityloop.city.accounts.role_admin import RoleAdmin
from cityloop.city.places.models import Area
from cityloop.city.places.rules import SEES_DUTY


@admin.register(Area)
class AreaAdmin(RoleAdmin):
    may_view = SEES_DUTY
    list_display = ("code", "name_zh", "name_en", "level", "parent", "households", "valid_until")
    list_filter = ("level", ("valid_until", admin.EmptyFieldListFilter), "synthetic")
    search_fields = ("code", "name_zh", "name_en")
    exclude = ("boundary",)
    list_select_related = ("parent",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Area]:
        return super().get_queryset(request).defer("boundary", "parent__boundary")
