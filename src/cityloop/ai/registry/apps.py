from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "cityloop.ai.registry"
    label = "registry"
    verbose_name = "模型登记 Model registry"
