from django.apps import AppConfig


class ForecastsConfig(AppConfig):
    name = "cityloop.ai.forecasts"
    label = "forecasts"
    verbose_name = "诉求预测 Forecasts"
