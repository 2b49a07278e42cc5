from django.apps import AppConfig


class GuideConfig(AppConfig):
    name = "cityloop.hub.guide"
    label = "guide"
    verbose_name = "使用指南 Guide"
