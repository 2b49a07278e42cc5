from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "cityloop.business.calls"
    label = "calls"
    verbose_name = "来电登记 Calls"
