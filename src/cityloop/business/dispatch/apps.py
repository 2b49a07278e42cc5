from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "cityloop.business.dispatch"
    label = "dispatch"
    verbose_name = "派遣 Dispatch"
