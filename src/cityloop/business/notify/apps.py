from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "cityloop.business.notify"
    label = "notify"
    verbose_name = "通知 Notify"
