"""Departments, people, roles and tokens on the staff site; every write is a command."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cityloop.city.accounts import commands
from cityloop.city.accounts.domain import SCOPES, Role
from cityloop.city.accounts.models import ApiToken, Department, LoginAttempt, RoleHolding, User
from cityloop.city.accounts.role_admin import RoleAdmin, site_viewer
from cityloop.city.accounts.rules import SEES_PEOPLE
from cityloop.kernel.errors import DomainError

SYSTEM_ONLY = frozenset({Role.SYSTEM_ADMIN})
SECURITY_ONLY = frozenset({Role.SECURITY_ADMIN})
WATCHERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

admin.site.unregister(Group)
admin.site.site_header = "城环 CityLoop"
admin.site.site_title = "城环 CityLoop"
admin.site.index_title = "日常管理 Daily work"


@admin.register(Department)
class DepartmentAdmin(RoleAdmin):
    may_view = SEES_PEOPLE
    may_add = may_change = SYSTEM_ONLY
    list_display = ("key", "name_zh", "name_en", "kind", "is_fallback", "active")
    list_filter = ("active", "kind", "is_fallback")
    search_fields = ("key", "name_zh", "name_en", "skills")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Department, form: Any, change: bool) -> None:
        names = ("name_zh", "name_en", "kind", "skills", "is_fallback", "active")
        obj.pk = commands.set_department(
            obj.key,
            **{name: getattr(obj, name) for name in names},
            actor=site_viewer(request),
            now=timezone.now(),
        )


class HoldingInline(admin.TabularInline):  # type: ignore[type-arg]
    """The posts of a person, to read; they are granted and ended under 任职."""

    model = RoleHolding
    fk_name = "user"
    extra = 0
    can_delete = False
    fields = readonly_fields = ("role", "area", "department", "granted_at", "ended_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return site_viewer(request).holds(*WATCHERS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoleHolding]:
        rows = super().get_queryset(request).select_related("area", "department")
        return rows.defer("area__boundary")


@admin.register(User)
class UserAdmin(RoleAdmin):
    may_view = WATCHERS
    may_add = may_change = SYSTEM_ONLY
    list_display = ("username", "display_name", "language", "is_active", "last_login")
    list_filter = ("is_active", "language")
    search_fields = ("username", "display_name")
    fields = ("username", "display_name", "language", "email")
    inlines = (HoldingInline,)
    actions = ("deactivate", "reset_password")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("username",) if obj else ()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        given = {n: getattr(obj, n) for n in ("display_name", "language", "email")}
        actor, now = site_viewer(request), timezone.now()
        if change:
            commands.update_user(obj.pk, **given, actor=actor, now=now)
            return
        made = commands.create_user(obj.username, **given, actor=actor, now=now)
        obj.pk = made.user_id
        messages.warning(request, f"一次性密码 One-time password: {made.password}")

    @admin.action(description="停用所选用户 Close accounts", permissions=["change"])
    def deactivate(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        for user in rows:
            try:
                commands.deactivate_user(user.pk, actor=site_viewer(request), now=timezone.now())
            except DomainError as error:
                self.say(request, error)

    @admin.action(description="重置密码 Reset passwords", permissions=["change"])
    def reset_password(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        for user in rows:
            try:
                made = commands.reset_password(
                    user.pk, actor=site_viewer(request), now=timezone.now()
                )
                messages.warning(request, f"{user.username}: {made}")
            except DomainError as error:
                self.say(request, error)


@admin.register(RoleHolding)
class RoleHoldingAdmin(RoleAdmin):
    may_view = WATCHERS
    may_add = SECURITY_ONLY
    list_display = ("user", "role", "area", "department", "granted_at", "granted_by", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "role")
    list_select_related = ("user", "area", "department", "granted_by")
    search_fields = ("user__username", "user__display_name", "area__code")
    autocomplete_fields = ("user", "area", "department")
    fields = ("user", "role", "area", "department")
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoleHolding]:
        return super().get_queryset(request).defer("area__boundary")

    def save_model(self, request: HttpRequest, obj: RoleHolding, form: Any, change: bool) -> None:
        held = commands.grant_role(
            obj.user_id,
            obj.role,
            area_id=obj.area_id,
            department_id=obj.department_id,
            actor=site_viewer(request),
            now=timezone.now(),
        )
        obj.pk = held.pk

    @admin.action(description="结束所选任职 End roles", permissions=["add"])
    def end(self, request: HttpRequest, rows: QuerySet[RoleHolding]) -> None:
        for held in rows:
            try:
                commands.end_role(held.pk, actor=site_viewer(request), now=timezone.now())
            except DomainError as error:
                self.say(request, error)


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    scopes = forms.MultipleChoiceField(
        label="权限 Scopes",
        choices=[(s, f"{zh} {en} ({s})") for s, (zh, en) in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ApiToken
        fields = ("name", "user", "scopes", "expires_at")


@admin.register(ApiToken)
class ApiTokenAdmin(RoleAdmin):
    may_view = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
    may_add = SECURITY_ONLY
    form = TokenForm
    list_display = (
        "name", "user", "prefix", "scopes", "created_at", "expires_at", "revoked_at",
        "last_used_at",
    )  # fmt: skip
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    autocomplete_fields = ("user",)
    actions = ("revoke",)

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        made = commands.new_token(
            obj.name,
            obj.user_id,
            obj.scopes,
            expires_at=obj.expires_at,
            actor=site_viewer(request),
            now=timezone.now(),
        )
        obj.pk = made.token_id
        messages.warning(request, f"令牌仅显示一次 Shown once: {made.secret}")

    @admin.action(description="吊销所选令牌 Revoke tokens", permissions=["add"])
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiToken]) -> None:
        for token in rows:
            try:
                commands.revoke_token(token.pk, actor=site_viewer(request), now=timezone.now())
            except DomainError as error:
                self.say(request, error)


@admin.register(LoginAttempt)
class LoginAttemptAdmin(RoleAdmin):
    may_view = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
    list_display = ("at", "user", "source", "outcome")
    list_filter = ("outcome", "at")
    list_select_related = ("user",)
    search_fields = ("user__username", "source")
