from django.apps import AppConfig


class OpenFiguresConfig(AppConfig):
    name = "cityloop.hub.openfigures"
    label = "openfigures"
    verbose_name = "公开数据 Open figures"
