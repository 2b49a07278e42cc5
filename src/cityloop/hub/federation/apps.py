from django.apps import AppConfig


class FederationConfig(AppConfig):
    name = "cityloop.hub.federation"
    label = "federation"
    verbose_name = "对接 Federation"
