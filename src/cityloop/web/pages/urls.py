"""Addresses of the pages; included at the root."""

from __future__ import annotations

from django.urls import path, re_path

from cityloop.web.pages import data, rooms, views

urlpatterns = [
    path("", views.overview),
    path("cases/", views.cases),
    re_path(r"^cases/(?P<rest>[^/]+/(?:file/)?)$", rooms.desk),
    path("report/", views.report),
    path("follow/", views.follow),
    path("follow/<str:key>/", views.follow),
    path("login/", views.log_in),
    path("login/as/", views.log_in_as),
    path("logout/", views.log_out),
    path("language/", views.choose_language),
    re_path(r"^worker/(?P<name>sw\.js|manifest\.webmanifest)$", rooms.worker_script),
    re_path(r"^worker/(?P<rest>.*)$", rooms.worker),
    re_path(r"^(?:centre|approvals|supervision|manage|help)/(?P<rest>.*)$", rooms.desk),
    re_path(r"^(?:around|figures)/(?P<rest>.*)$", rooms.portal),
    path("pages/outlines.json", data.outlines),
    path("pages/ground.json", data.ground),
    path("pages/choices.json", data.choices),
]
