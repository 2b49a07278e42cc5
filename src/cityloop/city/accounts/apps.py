from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cityloop.city.accounts"
    label = "accounts"
    verbose_name = "机构与人员 Accounts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from cityloop.city.accounts.gate import forget, need_confirmed, remember
        from cityloop.city.audit.confirmed import lend_check

        user_logged_in.connect(remember, dispatch_uid="accounts.remember")
        user_logged_out.connect(forget, dispatch_uid="accounts.forget")
        lend_check(need_confirmed)
