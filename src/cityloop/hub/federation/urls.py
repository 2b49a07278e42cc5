"""Addresses below /open311/."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from cityloop.hub.federation import views

_FORM = r"(?:\.(?P<form>json|xml))?"


def _at(pattern: str, view: views.View) -> URLPattern:
    return re_path(rf"^{pattern}{_FORM}/?$", view)


urlpatterns = [
    _at("(?:v2/)?discovery", views.discovery),
    _at("v2/services", views.service_list),
    _at(r"v2/services/(?P<code>[^/.]{1,60})", views.service_definition),
    _at("v2/requests", views.requests),
    _at(r"v2/requests/(?P<number>[^/.]{1,60})", views.one_request),
    _at(r"v2/tokens/(?P<token>[^/]{1,130}?)", views.token),
    path("<path:rest>", lambda request, rest: views.nothing(request)),
]
