from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "cityloop.business.issues"
    label = "issues"
    verbose_name = "热点问题 Issues at the desk"
