"""All addresses."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from cityloop.web.api import api

admin.site.site_header = "城环 CityLoop"
admin.site.site_title = "城环 CityLoop"
admin.site.index_title = "管理 Administration"

# Django's own answer looks into the form again, which is what could not be read.
handler400 = "cityloop.web.middleware.unreadable"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("ogc/", include("cityloop.hub.ogc.urls")),
    path("open311/", include("cityloop.hub.federation.urls")),
    path("", include("cityloop.web.pages.urls")),
]
