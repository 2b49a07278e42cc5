"""`cityloop webhooks redeliver ID`: send dead letters again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cityloop.business.notify.commands import redeliver
from cityloop.city.accounts.domain import SYSTEM


class Command(BaseCommand):
    help = "重新推送失败的消息 / Send the dead deliveries of a webhook again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("webhook_id", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        count = redeliver(options["webhook_id"], actor=SYSTEM, now=timezone.now())
        self.stdout.write(f"{count}")
