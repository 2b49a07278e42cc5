from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "cityloop.city.jobs"
    label = "jobs"
