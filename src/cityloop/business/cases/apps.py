from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cityloop.business.cases"
    label = "cases"
    verbose_name = "案卷 Cases"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from cityloop.business.cases import past, points  # noqa: F401  lend what they know
        from cityloop.business.cases.commands.index import empty_index_of_no_cases

        post_migrate.connect(empty_index_of_no_cases, sender=self)
