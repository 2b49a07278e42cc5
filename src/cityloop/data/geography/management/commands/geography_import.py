"""`cityloop geography import FILE --mapping osm [--crs EPSG:4548] [--dry-run]`."""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements.commands import MOST_SHARE
from cityloop.data.geography.commands import EVERYWHERE, Complete, import_file
from cityloop.data.geography.domain import GeographyMap, Report, advice, summary_lines, tree_lines
from cityloop.data.geography.management.arguments import lonlat
from cityloop.data.geography.queries import mapping, mapping_file
from cityloop.kernel.errors import DomainError

SHOWN = 30


class Command(BaseCommand):
    help = (
        "导入地理数据（OSM、GeoJSON、GeoPackage、shapefile、地址表、SUMO 路网）。"
        "Import areas, buildings, streets, places from a file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", required=True, help="映射名称或 TOML 文件 a mapping's name, or its file"
        )
        parser.add_argument("--crs", default="", help="坐标系 EPSG:4548, EPSG:4490, gcj02, bd09 …")
        parser.add_argument("--anchor", type=lonlat, help="LON,LAT 无投影路网的原点位置")
        parser.add_argument(
            "--area-code", type=_area_code, action="append", default=[], metavar="NAME=CODE",
            help="无编码边界中某区域的编码（可重复） code of an area in a file without codes",
        )  # fmt: skip
        parser.add_argument(
            "--complete", nargs="?", const=EVERYWHERE, metavar="AREA",
            help="文件对其要素类别（及该区域）是完整的：停用文件中已没有的 "
            "the file is whole for its kinds (and this area): what it has no more is retired",
        )  # fmt: skip
        parser.add_argument(
            "--most-missing", type=float, default=MOST_SHARE,
            help="每类至多停用的比例 largest share of a kind to retire (0..1, default 0.1)",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="试运行 tell, write nothing")
        parser.add_argument("--report", type=Path, help="报告文件（JSON）report, with all rows")
        parser.add_argument(
            "--refused", type=Path, help="拒收清单（CSV） the refused rows, to be corrected"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            report = import_file(
                given["file"], _mapping(given["mapping"]), crs=given["crs"],
                anchor=given["anchor"], complete=_complete(given),
                area_codes=dict(given["area_code"]), dry_run=given["dry_run"],
                actor=SYSTEM, now=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            raise CommandError(f"{error.code}\n{error.zh}\n{error.en}") from error
        if given["report"]:
            text = json.dumps(report.as_dict("zh"), ensure_ascii=False, indent=1)
            given["report"].write_text(text, "utf-8")
        if given["refused"]:
            _write_refused(given["refused"], report)
        self._tell(report)
        if not report.written and not given["dry_run"]:
            raise CommandError("未写入任何内容。Nothing was written.")

    def _tell(self, report: Report) -> None:
        for r in report.refused[:SHOWN]:
            place = f"{r.layer} {r.number} {r.key}".strip()
            self.stderr.write(f"{place}: {r.error.code}: {r.error.zh}\n    {r.error.en}")
        for m in report.repaired[:SHOWN]:
            place = f"{m.layer} {m.number} {m.key}".strip()
            self.stdout.write(f"{place}: 已修复 repaired: {m.reason}, ±{m.change:.2%}")
        for line in [*tree_lines(report), *summary_lines(report)]:
            self.stdout.write(line)


def _write_refused(path: Path, report: Report) -> None:
    """A row each, with what to do; with a byte order mark, so that spreadsheets read Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(["layer", "number", "key", "code", "原因", "reason", "处理 advice"])
        for r in report.refused:
            what = " ".join(filter(None, (advice(r.error.code, zh=zh) for zh in (True, False))))
            table.writerow([r.layer, r.number, r.key, r.error.code, r.error.zh, r.error.en, what])


def _mapping(given: str) -> GeographyMap:
    path = Path(given)
    return mapping_file(path) if path.suffix == ".toml" else mapping(given)


def _complete(given: dict[str, Any]) -> Complete | None:
    if given["complete"] is None:
        return None
    return Complete(given["complete"], given["most_missing"])


def _area_code(text: str) -> tuple[str, str]:
    name, found, code = text.rpartition("=")
    if not (name.strip() and found and code.strip()):
        raise argparse.ArgumentTypeError("NAME=CODE, e.g. 朝阳区=110105")
    return name.strip(), code.strip()
