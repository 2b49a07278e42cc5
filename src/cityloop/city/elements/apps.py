from django.apps import AppConfig


class ElementsConfig(AppConfig):
    name = "cityloop.city.elements"
    label = "elements"
    verbose_name = "要素登记 Registers"
