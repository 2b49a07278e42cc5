from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "cityloop.city.places"
    label = "places"
    verbose_name = "区域与网格 Places"
