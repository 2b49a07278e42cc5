from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "cityloop.business.desk"
    label = "desk"
    verbose_name = "工作台 Desk"
