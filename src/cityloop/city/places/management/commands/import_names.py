"""`cityloop import names FILE`: place names from CSV or XLSX."""

from __future__ import annotations

from cityloop.city.places.commands import import_names
from cityloop.city.places.management.table_command import TableCommand


class Command(TableCommand):
    help = "导入地名（CSV、XLSX）。Import place names."
    run = staticmethod(import_names)
