"""`cityloop elements import FILE --kind KIND`: a register from GeoJSON, CSV or XLSX."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements.commands import MOST_SHARE, import_file
from cityloop.city.elements.domain import Missing
from cityloop.kernel.errors import DomainError

SHOWN = 50


class Command(BaseCommand):
    help = "导入要素（GeoJSON、CSV、XLSX）。Import elements."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, help="类别编码，如 component.lamp")
        parser.add_argument("--crs", default="wgs84", help="坐标系 gcj02, bd09, EPSG:4548 …")
        parser.add_argument("--source", default="", help="来源名称，缺省为文件名")
        parser.add_argument("--dry-run", action="store_true", help="tell, write nothing 只检查")
        parser.add_argument("--repair", action="store_true", help="mend invalid shapes 修复")
        parser.add_argument(
            "--ends-missing", action="store_true",
            help="retire what this source had and has no more 注销文件中已没有的",
        )  # fmt: skip
        parser.add_argument(
            "--most-missing", type=float, default=MOST_SHARE,
            help="至多注销的比例 largest share to retire (0..1, default 0.1)",
        )  # fmt: skip

    def handle(self, *args: Any, **given: Any) -> None:
        names = ("kind", "crs", "dry_run", "repair", "ends_missing", "most_missing")
        try:
            done = import_file(
                given["file"],
                source=given["source"] or given["file"].stem[:40],
                actor=SYSTEM,
                now=timezone.now(),
                **{name: given[name] for name in names},
            )
        except OSError as error:
            raise CommandError(f"无法读取文件 Cannot read the file: {error}") from error
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        for row in done.refused[:SHOWN]:
            told = f"{row.row} {row.code} {row.error.code}: {row.error.zh}\n    {row.error.en}"
            self.stderr.write(told)
        if len(done.refused) > SHOWN:
            self.stderr.write(f"… 共 {len(done.refused)} 行 rows in all")
        verb = "仅检查 checked only" if done.dry_run else "已导入 imported"
        self.stdout.write(
            f"{verb}: 新增 new {done.new}, 变更 changed {done.changed}, 未变 same {done.same}, "
            f"注销 retired {done.ended}, 网格外 outside {done.outside}, "
            f"拒绝 refused {len(done.refused)}"
        )
        if done.missing is not None:
            self._tell_missing(done.missing)

    def _tell_missing(self, missing: Missing) -> None:
        for code, name in missing.shown:
            self.stdout.write(f"  - {code} {name}".rstrip())
        if missing.held:
            share = missing.gone / missing.of
            self.stderr.write(
                f"{missing.of} 个中有 {missing.gone} 个（{share:.0%}）不在文件中，未注销："
                f"{'有被拒绝的行无法识别，请先更正' if missing.nameless else '超过允许的比例'}。"
                f"{missing.gone} of {missing.of} are not in the file; none was retired: "
                + ("refused rows could be any of them, correct these first."
                   if missing.nameless else "more than --most-missing allows.")
            )  # fmt: skip
