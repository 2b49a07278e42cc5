from django.apps import AppConfig


class HotIssuesConfig(AppConfig):
    name = "cityloop.ai.hot_issues"
    label = "hot_issues"
    verbose_name = "热点问题 Hot issues"
