from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "cityloop.city.audit"
    label = "audit"
