from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "cityloop.business.appraisal"
    label = "appraisal"
    verbose_name = "评价 Appraisal"
