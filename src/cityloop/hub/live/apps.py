from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "cityloop.hub.live"
    label = "live"
    verbose_name = "实时 Live"
