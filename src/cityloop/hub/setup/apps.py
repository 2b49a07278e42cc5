from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "cityloop.hub.setup"
    label = "setup"
    verbose_name = "首次启用 Setup"
