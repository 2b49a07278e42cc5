from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "cityloop.hub.practice"
    label = "practice"
    verbose_name = "练习 Practice"
