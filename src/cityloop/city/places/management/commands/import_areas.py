"""`cityloop import areas FILE`: areas from GeoJSON, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.places.commands import AreaImport, import_areas
from cityloop.kernel.errors import DomainError

SHOWN = 50


class Command(BaseCommand):
    help = "导入区域与网格（GeoJSON）。Import areas and cells."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="tell, write nothing 只检查")
        parser.add_argument("--repair", action="store_true", help="mend invalid polygons 修复")
        parser.add_argument("--crs", default="wgs84", help="坐标系 gcj02, bd09, EPSG:4548 …")

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            text = given["file"].read_bytes()
            done = self._import(text, given)
        except OSError as error:
            raise CommandError(f"无法读取文件 Cannot read the file: {error}") from error
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        self._tell(done)
        if done.refused:
            raise CommandError(
                f"{len(done.refused)} 个要素无法使用，未写入任何内容。"
                f"{len(done.refused)} features cannot be used; nothing was written."
            )

    def _import(self, text: bytes, given: dict[str, Any]) -> AreaImport:
        options = {"crs": given["crs"], "repair": given["repair"], "actor": SYSTEM}
        try:
            return import_areas(text, dry_run=given["dry_run"], now=timezone.now(), **options)
        except DomainError as error:
            if error.code != "areas.refused":
                raise
            return import_areas(text, dry_run=True, now=timezone.now(), **options)

    def _tell(self, done: AreaImport) -> None:
        for refused in done.refused[:SHOWN]:
            self.stderr.write(f"{refused.error.code}: {refused.error.zh}\n    {refused.error.en}")
        for finding in done.findings[:SHOWN]:
            self.stdout.write(f"{finding.kind}: {finding.zh}\n    {finding.en}")
        for remark in done.remarks[:SHOWN]:
            self.stdout.write(remark)
        verb = "已导入 imported" if done.written else "仅检查 checked only"
        self.stdout.write(
            f"{verb}: 新增 added {len(done.added)}, 变更 changed {len(done.changed)}, "
            f"未变 unchanged {done.unchanged}, 停用 ended {len(done.ended)}, "
            f"问题 findings {len(done.findings)}"
        )
