from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "cityloop.city.places"
    label = "places"
