from django.apps import AppConfig


class OgcConfig(AppConfig):
    name = "cityloop.hub.ogc"
    label = "ogc"
    verbose_name = "OGC API"
