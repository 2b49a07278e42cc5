from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cityloop.city.accounts"
    label = "accounts"
    verbose_name = "机构与人员 Accounts"
