from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "cityloop.business.retention"
    label = "retention"
    verbose_name = "留存 Retention"
