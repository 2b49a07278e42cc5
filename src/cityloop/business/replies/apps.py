from django.apps import AppConfig


class RepliesConfig(AppConfig):
    name = "cityloop.business.replies"
    label = "replies"
    verbose_name = "答复 Replies"
