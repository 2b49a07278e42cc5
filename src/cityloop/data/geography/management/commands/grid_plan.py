"""`cityloop grid plan`: communities divided into cells, from files to GeoJSON.

Nothing of the city is changed unless `--publish` is given; then the cells are put in force for the
theme, cells that are gone end, and cases keep the cells they lie in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.division.ground import used_numbers
from cityloop.city.division.publishing import cell_digits, put_in_force
from cityloop.city.division.themes import GENERAL, Theme, theme_of
from cityloop.data.geography.commands.planning import EVERY_FILE, HowRead, read_plan_files
from cityloop.data.geography.domain.planning import AREAS, BUILDING_FILE, STREETS
from cityloop.data.geography.domain.report import Refused
from cityloop.data.geography.management.arguments import lonlat
from cityloop.engines.partition import Plan, Window, replan_district
from cityloop.engines.partition.features import GridInput, cells_geojson
from cityloop.engines.partition.figures import report
from cityloop.kernel.errors import DomainError

SHOWN = 50
_FIGURES = (
    ("communities", "社区", "communities"), ("cells", "网格", "cells"),
    ("households", "户数", "households"), ("weight_min", "最小规模", "lightest cell"),
    ("weight_median", "中位规模", "median cell"), ("weight_max", "最大规模", "heaviest cell"),
    ("in_window", "规模达标率", "share in the window"),
    ("compactness", "紧凑度", "mean compactness (4 pi A / P^2)"),
    ("on_lines", "边界沿街道或社区界的比例", "share of borders on streets or community borders"),
)  # fmt: skip


class Command(BaseCommand):
    help = (
        "划分网格：社区、建筑、道路 → 网格（GeoJSON）。Divide communities into cells. "
        "Files: GeoJSON, GeoPackage, shapefile (.zip), .osm(.pbf), CSV/XLSX of points, SUMO "
        "*.net.xml."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--areas", type=Path, required=True,
            help="社区面，列 code/编码；可含现有网格（level=cell/网格） communities, and present "
            "cells",
        )  # fmt: skip
        parser.add_argument(
            "--buildings", type=Path, required=True,
            help="建筑面或点，列 households/户数/总户数… footprints or points with households",
        )  # fmt: skip
        parser.add_argument(
            "--streets", type=Path, help="道路、河流、铁路、围墙（可省） lines that borders follow"
        )
        parser.add_argument("--out", type=Path, required=True, help="网格写到此文件 cells go here")
        parser.add_argument("--report", type=Path, help="figures and findings as JSON 报告")
        parser.add_argument(
            "--crs", type=_declared, action="append", default=[], metavar="[FILE=]SYSTEM",
            help="坐标系：EPSG:4548、gcj02、bd09… 各文件不同时 --crs areas=EPSG:4548 --crs "
            "buildings=gcj02。Else what the file says; GeoJSON alone is WGS84",
        )  # fmt: skip
        parser.add_argument(
            "--order", choices=["lon,lat", "lat,lon"], default="lon,lat",
            help="坐标中两数的顺序 order of the two numbers of a point",
        )  # fmt: skip
        parser.add_argument("--anchor", type=lonlat, help="LON,LAT 无投影 SUMO 路网的原点位置")
        parser.add_argument(
            "--households", default="", metavar="COLUMN", help="户数所在列 column of households"
        )
        parser.add_argument(
            "--repair", action="store_true",
            help="修复并逐项报告：自交面、未闭合环、约数、重复的建筑编码、社区间狭缝与细小重叠 "
            "mend and tell: invalid polygons, open rings, counts such as 约300, slips between "
            "communities",
        )  # fmt: skip
        parser.add_argument(
            "--leave-out", action="store_true",
            help="略过不能使用的建筑与道路 go on without buildings and streets that cannot be used",
        )  # fmt: skip
        parser.add_argument("--theme", default=GENERAL, help="网格专题 layer of grids ([[grids]])")
        parser.add_argument(
            "--weight", help="规模指标：建筑的属性名 what a cell weighs, a property of buildings"
        )
        parser.add_argument("--lo", type=int, help="下限 least (else as usual for the theme: 300)")
        parser.add_argument("--hi", type=int, help="上限 most (500)")
        parser.add_argument("--target", type=float, default=0.0, help="目标 aim (0 = middle)")
        parser.add_argument("--seed", type=int, default=7, help="equal seeds, equal cells")
        parser.add_argument(
            "--afresh", action="store_true", help="ignore the present cells 不沿用现有网格"
        )
        parser.add_argument("--locked", nargs="*", default=[], help="codes of cells to keep 锁定")
        parser.add_argument("--publish", action="store_true", help="import the cells 发布为新网格")

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            self._run(given)
        except OSError as error:
            raise CommandError(f"无法读写文件 Cannot read or write: {error}") from error
        except DomainError as error:
            raise CommandError(f"{error.code}: {error.zh}\n{error.en}") from error

    def _run(self, given: Mapping[str, Any]) -> None:
        theme = theme_of(given["theme"])
        window = _window(theme, given)
        how = HowRead(
            dict(given["crs"]), given["anchor"], given["order"], repair=given["repair"],
            column=given["households"], weight=window.weight,
        )  # fmt: skip
        source, refused = read_plan_files(given["areas"], given["buildings"], given["streets"], how)
        if given["report"] and refused:
            _write(given["report"], {"refused": _rows(refused)})
        self._refuse(refused, leave_out=given["leave_out"])
        plan = self._plan(source, window, theme, given)
        told = report(plan, source) | {"refused": _rows(refused)}
        codes = [one.code for one in source.communities]
        cells = cells_geojson(plan, source.plane, digits=cell_digits(codes))
        _write(given["out"], cells)
        if given["report"]:
            _write(given["report"], told)
        self._tell(source, told, given["out"])
        if given["publish"]:
            done = put_in_force(theme, plan, source.plane, codes, actor=SYSTEM, now=timezone.now())
            self.stdout.write(
                f"已发布 published: 新增 added {done['added']}, 变更 changed {done['changed']}, "
                f"未变 unchanged {done['unchanged']}, 停用 ended {done['ended']}"
            )

    def _refuse(self, refused: list[Refused], *, leave_out: bool) -> None:
        """Every feature that cannot be used is named; with one of them nothing is divided, unless
        buildings and streets are to be left out."""
        for one in refused[:SHOWN]:
            place = f"{one.layer} {one.number} {one.key}".strip()
            self.stderr.write(f"{place}: {one.error.code}: {one.error.zh}\n    {one.error.en}")
        count, areas = len(refused), sum(one.layer == AREAS for one in refused)
        if count > SHOWN:
            self.stderr.write(f"… 另有 {count - SHOWN} 个 and {count - SHOWN} more")
        if areas or (refused and not leave_out):
            hint = "" if areas else "（--leave-out 可略过）(--leave-out goes on without them)"
            raise CommandError(
                f"{count} 个要素无法使用，未划分。{count} features cannot be used; nothing done. "
                + hint
            )

    def _plan(
        self, source: GridInput, window: Window, theme: Theme, given: Mapping[str, Any]
    ) -> Plan:
        if not theme.is_general:  # the cells of the file are those of the general layer
            source.existing.clear()
        existing = {} if given["afresh"] else source.existing
        return replan_district(
            source.communities, source.buildings, source.streets, existing=existing,
            locked=_locked(given["locked"], existing),
            taken={one.code: used_numbers(one.code, theme) for one in source.communities}
            if given["publish"] else {},
            window=window, seed=given["seed"],
        )  # fmt: skip

    def _tell(self, source: GridInput, told: Mapping[str, Any], out: Path) -> None:
        for en, zh in source.remarks[:SHOWN]:
            self.stdout.write(f"{zh}\n    {en}")
        for finding in told["findings"][:SHOWN]:
            self.stdout.write(f"{finding['kind']}: {finding['zh']}\n    {finding['en']}")
        more = len(told["findings"]) - SHOWN
        if more > 0:
            self.stdout.write(f"… 另有 {more} 条，见报告 and {more} more, see --report")
        before = told["before"]
        for key, zh, en in _FIGURES:
            was = f"{before[key]} → " if before else ""
            self.stdout.write(f"{zh} {en}: {was}{told['figures'][key]}")
        if before:
            self.stdout.write(f"换网格住户 households that change cell: {told['moved_households']}")
        self.stdout.write(f"已写入 written: {out}")


def _rows(refused: list[Refused]) -> list[dict[str, Any]]:
    return [
        {"file": one.layer, "number": one.number, "code": one.key, "error": one.error.code,
         "zh": one.error.zh, "en": one.error.en}
        for one in refused
    ]  # fmt: skip


def _window(theme: Theme, given: Mapping[str, Any]) -> Window:
    """The window of the theme, but for what is said. Raises: DomainError partition.window."""
    usual = theme.window
    lo = usual.lo if given["lo"] is None else given["lo"]
    hi = usual.hi if given["hi"] is None else given["hi"]
    weight = given["weight"] or usual.weight
    unit = usual.unit if weight == usual.weight else ("", "")
    return Window(lo, hi, given["target"], weight, unit)


def _locked(
    codes: list[str], existing: Mapping[str, Mapping[int, BaseGeometry]]
) -> dict[str, set[int]]:
    """Cells by community. Raises: DomainError partition.no_cell."""
    found: dict[str, set[int]] = {}
    for code in codes:
        owner = next(
            ((c, n) for c, cells in existing.items() for n in cells
             if code.startswith(c) and code.removeprefix(c).isdecimal()
             and int(code.removeprefix(c)) == n), None,
        )  # fmt: skip
        if owner is None:
            raise DomainError(
                "partition.no_cell", f"There is no present cell {code} in the areas to lock.",
                f"区域文件中没有可锁定的网格 {code}。", where="locked",
            )  # fmt: skip
        found.setdefault(owner[0], set()).add(owner[1])
    return found


def _write(path: Path, data: Mapping[str, Any]) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    part.replace(path)  # never half a file under the final name


def _declared(text: str) -> tuple[str, str]:
    """SYSTEM of all files, or FILE=SYSTEM of one."""
    name, mark, system = text.partition("=")
    if mark and name in (AREAS, BUILDING_FILE, STREETS):
        return name, system
    return EVERY_FILE, text
