from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "cityloop.hub.usage"
    label = "usage"
    verbose_name = "使用情况 Usage"
