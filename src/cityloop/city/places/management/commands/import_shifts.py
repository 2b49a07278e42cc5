"""`cityloop import shifts FILE`: shifts from CSV or XLSX."""

from __future__ import annotations

from cityloop.city.places.commands import import_shifts
from cityloop.city.places.management.table_command import TableCommand


class Command(TableCommand):
    help = "导入排班（CSV、XLSX）。Import shifts."
    run = staticmethod(import_shifts)
