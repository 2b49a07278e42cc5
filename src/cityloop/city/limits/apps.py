from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "cityloop.city.limits"
    label = "limits"
    verbose_name = "访问限制 Limits"
