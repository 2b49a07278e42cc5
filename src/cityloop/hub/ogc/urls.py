"""Addresses below /ogc/."""

from __future__ import annotations

from django.urls import path, re_path

from cityloop.hub.ogc import views

_NAME = r"collections/(?P<name>[a-z0-9_.]{1,80})"
urlpatterns = [
    path("", views.landing),
    re_path(r"^conformance/?$", views.conformance),
    re_path(r"^api/?$", views.definition),
    re_path(r"^collections/?$", views.collections),
    re_path(rf"^{_NAME}/?$", views.collection),
    re_path(rf"^{_NAME}/items/?$", views.items),
    re_path(rf"^{_NAME}/items/(?P<feature>[^/]{{1,40}})/?$", views.item),
    re_path(rf"^{_NAME}/export\.geojson$", views.export),
    path("<path:rest>", views.nothing),
]
