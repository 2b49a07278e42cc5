"""An API of accounts and places alone, put together as the real one is."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path
from ninja import NinjaAPI

from cityloop.city.accounts.api import router as accounts
from cityloop.city.places.api import router as places
from cityloop.kernel.errors import DomainError
from cityloop.web.auth import signed_in

api = NinjaAPI(auth=signed_in, urls_namespace="city-tests")
api.add_router("", accounts)
api.add_router("", places)


@api.exception_handler(DomainError)
def refused(request, error):
    return api.create_response(request, error.as_dict("en"), status=error.status)


urlpatterns = [path("api/v1/", api.urls), path("admin/", admin.site.urls)]
