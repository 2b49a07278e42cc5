"""Areas, names, duty grids and shifts on the staff site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cityloop.city.accounts.role_admin import RoleAdmin, site_viewer
from cityloop.city.places import commands
from cityloop.city.places.models import Area, DutyGrid, DutyWorker, PlaceName, Shift
from cityloop.city.places.rules import KEEPS_DUTY, SEES_DUTY
from cityloop.kernel.errors import DomainError


@admin.register(Area)
class AreaAdmin(RoleAdmin):
    """To look at; areas come and change by `cityloop import areas`."""

    may_view = SEES_DUTY
    list_display = ("code", "name_zh", "name_en", "level", "parent", "households", "valid_until")
    list_filter = ("level", ("valid_until", admin.EmptyFieldListFilter), "synthetic")
    search_fields = ("code", "name_zh", "name_en")
    exclude = ("boundary",)
    list_select_related = ("parent",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Area]:
        return super().get_queryset(request).defer("boundary", "parent__boundary")


@admin.register(PlaceName)
class PlaceNameAdmin(RoleAdmin):
    """To look at; names come by `cityloop import names`."""

    may_view = SEES_DUTY
    list_display = ("name", "kind", "area", "lon", "lat")
    list_filter = ("kind",)
    list_select_related = ("area",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlaceName]:
        return super().get_queryset(request).defer("area__boundary")


class DutyGridForm(forms.ModelForm):  # type: ignore[type-arg]
    cell_codes = forms.CharField(
        label="单元网格编码 Cell codes",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="空格或换行分隔，须属同一社区 separated by blanks, all of one community",
    )

    class Meta:
        model = DutyGrid
        fields = ("code", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "cell_codes" in self.fields:
            codes = self.instance.cells.values_list("code", flat=True)
            self.fields["cell_codes"].initial = "\n".join(codes)


class DutyWorkerInline(admin.TabularInline):  # type: ignore[type-arg]
    """Who answers, in order; assigned under 责任网格员."""

    model = DutyWorker
    extra = 0
    can_delete = False
    fields = readonly_fields = ("rank", "user")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site_viewer(request).holds(*SEES_DUTY)


@admin.register(DutyGrid)
class DutyGridAdmin(RoleAdmin):
    may_view = SEES_DUTY
    may_add = may_change = KEEPS_DUTY
    form = DutyGridForm
    list_display = ("code", "name", "community", "cell_count")
    list_select_related = ("community",)
    search_fields = ("code", "name", "community__code", "community__name_zh")
    inlines = (DutyWorkerInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DutyGrid]:
        rows = super().get_queryset(request).defer("community__boundary")
        return rows.annotate(cell_total=Count("cells"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    @admin.display(description="网格数 Cells")
    def cell_count(self, grid: Any) -> int:
        return int(grid.cell_total)

    def save_model(self, request: HttpRequest, obj: DutyGrid, form: Any, change: bool) -> None:
        obj.pk = commands.set_duty_grid(
            obj.code,
            name=obj.name,
            cell_codes=form.cleaned_data["cell_codes"].split(),
            actor=site_viewer(request),
            now=timezone.now(),
        )

    def save_related(self, *args: Any, **kwargs: Any) -> None:
        """The command has set the cells."""


@admin.register(DutyWorker)
class DutyWorkerAdmin(RoleAdmin):
    may_view = SEES_DUTY
    may_add = KEEPS_DUTY
    list_display = ("duty_grid", "rank", "user")
    list_select_related = ("duty_grid", "user")
    search_fields = ("duty_grid__code", "duty_grid__name", "user__display_name")
    autocomplete_fields = ("duty_grid", "user")
    actions = ("release",)

    def save_model(self, request: HttpRequest, obj: DutyWorker, form: Any, change: bool) -> None:
        actor, now = site_viewer(request), timezone.now()
        commands.assign_worker(obj.duty_grid.code, obj.user_id, rank=obj.rank, actor=actor, now=now)
        obj.pk = DutyWorker.objects.get(duty_grid=obj.duty_grid, user_id=obj.user_id).pk

    @admin.action(description="解除所选网格员 Release workers", permissions=["add"])
    def release(self, request: HttpRequest, rows: QuerySet[DutyWorker]) -> None:
        for row in rows.select_related("duty_grid"):
            try:
                commands.release_worker(
                    row.duty_grid.code,
                    row.user_id,
                    actor=site_viewer(request),
                    now=timezone.now(),
                )
            except DomainError as error:
                self.say(request, error)


@admin.register(Shift)
class ShiftAdmin(RoleAdmin):
    may_view = SEES_DUTY
    may_add = KEEPS_DUTY
    list_display = ("user", "starts_at", "ends_at")
    list_filter = ("starts_at",)
    list_select_related = ("user",)
    search_fields = ("user__username", "user__display_name")
    autocomplete_fields = ("user",)
    actions = ("remove",)

    def save_model(self, request: HttpRequest, obj: Shift, form: Any, change: bool) -> None:
        obj.pk = commands.add_shift(
            obj.user_id,
            obj.starts_at,
            obj.ends_at,
            actor=site_viewer(request),
            now=timezone.now(),
        )

    @admin.action(description="撤销所选班次 Remove shifts", permissions=["add"])
    def remove(self, request: HttpRequest, rows: QuerySet[Shift]) -> None:
        for shift in rows:
            try:
                commands.remove_shift(shift.pk, actor=site_viewer(request), now=timezone.now())
            except DomainError as error:
                self.say(request, error)
