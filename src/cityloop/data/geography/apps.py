from django.apps import AppConfig


class GeographyConfig(AppConfig):
    name = "cityloop.data.geography"
    label = "geography"
    verbose_name = "地理数据 Geography"
