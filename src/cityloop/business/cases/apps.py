from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cityloop.business.cases"
    label = "cases"
    verbose_name = "案卷 Cases"

    def ready(self) -> None:
        from cityloop.business.cases import past  # noqa: F401  lends history to dry runs
