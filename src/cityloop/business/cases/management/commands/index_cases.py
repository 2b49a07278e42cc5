"""cityloop index_cases: enter every case into the search index anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cityloop.business.cases.commands.index import rebuild_index


class Command(BaseCommand):
    help = "重建案卷检索索引 Build the search index of cases anew (needed only when it was lost)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_index()} cases")
