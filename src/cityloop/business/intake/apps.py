from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "cityloop.business.intake"
    label = "intake"
    verbose_name = "导入 Intake"
