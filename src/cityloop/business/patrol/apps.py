from django.apps import AppConfig


class PatrolConfig(AppConfig):
    name = "cityloop.business.patrol"
    label = "patrol"
    verbose_name = "巡查 Patrol"
