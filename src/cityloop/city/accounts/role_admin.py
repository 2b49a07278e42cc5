"""The staff site by roles: who sees and changes a model follows from the posts held."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.queries import viewer_of_request
from cityloop.kernel.errors import DomainError


def site_viewer(request: HttpRequest) -> Viewer:
    """The viewer behind a request to the staff site, looked up once a request."""
    found = getattr(request, "viewer", None)
    if not isinstance(found, Viewer):
        found = viewer_of_request(request)
        request.viewer = found  # type: ignore[attr-defined]
    return found


class RoleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Roles in place of Django's permission table; a superuser flag opens nothing.

    `may_view`, `may_add`, `may_change`, `may_delete`: roles; empty = nobody.
    A refusal of a command is shown as a message, with what to do.
    """

    may_view: ClassVar[frozenset[Role]] = frozenset()
    may_add: ClassVar[frozenset[Role]] = frozenset()
    may_change: ClassVar[frozenset[Role]] = frozenset()
    may_delete: ClassVar[frozenset[Role]] = frozenset()
    list_per_page = 50
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        wider = self.may_view | self.may_add | self.may_change | self.may_delete
        return bool(wider) and site_viewer(request).holds(*wider)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._holds(request, self.may_add)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, self.may_change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, self.may_delete)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            messages.error(request, error.message(site_viewer(request).language))
            return redirect(request.path)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except DomainError as error:
            messages.error(request, error.message(site_viewer(request).language))
            return redirect(request.path)

    def say(self, request: HttpRequest, error: DomainError) -> None:
        """Show a refusal of an action."""
        messages.error(request, error.message(site_viewer(request).language))

    @staticmethod
    def _holds(request: HttpRequest, roles: frozenset[Role]) -> bool:
        return bool(roles) and site_viewer(request).holds(*roles)
