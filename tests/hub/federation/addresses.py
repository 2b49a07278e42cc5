"""The endpoint where it stands in the whole: below /open311/."""

from django.urls import include, path

urlpatterns = [path("open311/", include("cityloop.hub.federation.urls"))]
