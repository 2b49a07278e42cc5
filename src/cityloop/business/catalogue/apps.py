from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "cityloop.business.catalogue"
    label = "catalogue"
    verbose_name = "案卷目录 Catalogue"
