from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "cityloop.hub.overview"
    label = "overview"
    verbose_name = "总览 Overview"
