from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cityloop.business.cases"
    label = "cases"
    verbose_name = "案卷 Cases"
