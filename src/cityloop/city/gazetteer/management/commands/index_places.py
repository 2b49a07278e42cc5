"""cityloop index_places: enter at once what changed among areas, place names and elements."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cityloop.city.gazetteer.commands import follow


class Command(BaseCommand):
    help = "地名地址索引更新 Bring the index of names and addresses in step"

    def handle(self, *args: Any, **options: Any) -> None:
        done = follow(now=timezone.now())
        self.stdout.write(f"新增 entered {done.entered}, 移除 removed {done.removed}")
