from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "cityloop.ai.triage"
    label = "triage"
    verbose_name = "智能分类 Triage"
