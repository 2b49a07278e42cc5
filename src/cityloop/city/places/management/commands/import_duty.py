"""`cityloop import duty FILE`: duty grids with cells and workers from CSV or XLSX."""

from __future__ import annotations

from cityloop.city.places.commands import import_duty
from cityloop.city.places.management.table_command import TableCommand


class Command(TableCommand):
    help = "导入责任网格（CSV、XLSX）。Import duty grids with cells and workers."
    run = staticmethod(import_duty)
