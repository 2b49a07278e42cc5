"""Addresses of the pages; included at the root."""

from __future__ import annotations

from django.urls import path, re_path

from cityloop.web.pages import citizen, data, rooms, views

urlpatterns = [
    path("", citizen.home),
    path("cases/", rooms.desk),
    re_path(r"^cases/(?P<rest>[^/]+/(?:file/)?)$", rooms.desk),
    path("report/", citizen.report),
    path("follow/", citizen.ask),
    path("follow/<str:key>/", citizen.follow),
    path("login/", views.log_in),
    path("login/as/", views.log_in_as),
    path("logout/", views.log_out),
    path("language/", views.choose_language),
    path("type/", views.choose_type),
    re_path(r"^worker/(?P<name>sw\.js|manifest\.webmanifest)$", rooms.worker_script),
    re_path(r"^worker/(?P<rest>.*)$", rooms.worker),
    re_path(
        r"^(?:centre|calls|approvals|supervision|changes|manage|elements|help|forecasts|issues)/"
        r"(?P<rest>.*)$",
        rooms.desk,
    ),
    re_path(r"^(?:around|figures)/(?P<rest>.*)$", citizen.aside),
    path("pages/ground.json", data.ground),
    path("pages/choices.json", data.choices),
]
