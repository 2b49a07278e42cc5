from django.apps import AppConfig


class DivisionConfig(AppConfig):
    name = "cityloop.city.division"
    label = "division"
    verbose_name = "网格划分 Division"
