from django.apps import AppConfig


class GazetteerConfig(AppConfig):
    name = "cityloop.city.gazetteer"
    label = "gazetteer"
    verbose_name = "地名地址 Gazetteer"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from cityloop.city.gazetteer.models.terms import empty_with_its_table

        post_migrate.connect(empty_with_its_table, sender=self)
