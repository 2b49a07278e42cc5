"""From an empty database to a whole synthetic district: areas, cells, staff, registers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.db import write
from cityloop.city.places.commands import import_areas
from cityloop.city.profile import load_profile
from cityloop.data.geography.baking.serving import bake_city
from cityloop.engines.district.wide import WideDistrict, generate_wide
from cityloop.engines.partition import Window
from cityloop.hub.demo.commands import town
from cityloop.hub.demo.commands.dividing import divide
from cityloop.hub.demo.commands.registering import register
from cityloop.hub.demo.commands.seed import settle_ledger
from cityloop.hub.demo.commands.wide_ground import add_wide_names, write_wide_ground
from cityloop.hub.demo.domain.registers import registers_of_wide
from cityloop.hub.demo.models import Town
from cityloop.hub.demo.queries import find_town
from cityloop.kernel.errors import Conflict

Tell = Callable[[str, str], None]


@dataclass(slots=True)
class City:
    """What was made, and the processor seconds of every step."""

    cells: int = 0
    in_window: float = 0.0
    findings: int = 0
    people: int = 0
    elements: dict[str, int] = field(default_factory=dict)
    tiles: int = 0
    fingerprint: str = ""
    seconds: dict[str, float] = field(default_factory=dict)


def seed_city(
    size: str = "chaoyang",
    seed_number: int = 7,
    *,
    now: datetime,
    parts: bool = True,
    tell: Tell = lambda zh, en: None,
) -> City:
    """A synthetic district of a size of `engines.district.wide`, with cells, staff and registers.

    No cases: a city before its first report. Settings: [district] of the profile.
    Args:
        parts: street furniture too (a million rows at the size of Chaoyang).
        tell: called with each step, in Chinese and English.
    Raises: Conflict("demo.exists") where there is a town already;
        DomainError("district.unknown_size").
    """
    if find_town() is not None:
        raise Conflict(
            "demo.exists", "This database holds a demo town already.", "此数据库中已有演示城区。"
        )
    given = _settings()
    made = City()
    step = _Steps(made, tell)
    with step("generate", "生成区域、街道与建筑", "Laying out streets, blocks, buildings"):
        district = generate_wide(size, seed_number)
        made.fingerprint = district.fingerprint()
    with step("divide", "划分网格", "Dividing communities into cells"):
        divided = divide(district, given.window)
        made.cells, made.in_window = divided.cells, divided.in_window
        made.findings = len(divided.findings)
    with step("areas", "载入区域与网格", "Loading areas and cells"):
        import_areas(json.dumps(divided.collection), actor=SYSTEM, now=now)
    del divided
    with step("city", "载入部门、目录与规则，训练分类模型", "Departments, catalogue, rules, model"):
        with write():
            town.load_city(now=now)
        town.train_model(now=now)
    with step("staff", "安排人员、责任网格与班次", "People, duty grids, shifts"):
        made.people = _staff(seed_number, given.shift_days, now)
    with step("names", "登记地名", "Names of places"):
        add_wide_names(district, now=now)
    with step("ground", "写出底图", "The ground of the map"):
        write_wide_ground(district)
    _registers(district, made, parts, tell, now)
    del district
    with step("tiles", "烘焙瓦片", "Baking the tiles of the registers"):
        made.tiles = bake_city()
    with step("ledger", "登记账本", "Sequencing the ledger"), write():
        Town.objects.create(size=size, seed=seed_number, made_at=now, told_until=now, told=0)
    settle_ledger(now=now)
    return made


@dataclass(frozen=True, slots=True)
class _Given:
    window: Window
    shift_days: int


def _settings() -> _Given:
    """[district] of the profile."""
    table: dict[str, Any] = load_profile().settings.get("district", {})
    low, high = table.get("cell_households", (300, 500))
    return _Given(Window(int(low), int(high)), int(table.get("shift_days", 8)))


class _Steps:
    """Tells each step and how long it took."""

    def __init__(self, made: City, tell: Tell) -> None:
        self._made, self._tell = made, tell

    @contextmanager
    def __call__(self, key: str, zh: str, en: str) -> Iterator[None]:
        self._tell(zh, en)
        began = time.process_time()
        yield
        self._made.seconds[key] = time.process_time() - began


def _staff(seed_number: int, days: int, now: datetime) -> int:
    first = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date() - timedelta(days=1)
    with write():
        people = town.hire(seed_number, now=now)
        town.put_on_duty(people, now=now)
        town.plan_shifts(people, first, days + 1, now=now)
    return len(people)


def _registers(district: WideDistrict, made: City, parts: bool, tell: Tell, now: datetime) -> None:
    tell("登记要素", "Registers of elements")

    def told(kind: str, rows: int, seconds: float) -> None:
        group = "components" if kind.startswith("component.") else "elements"
        made.seconds[group] = made.seconds.get(group, 0.0) + seconds
        tell(f"  {kind} {rows:,}", f"{seconds:.1f} s")

    made.elements = register(registers_of_wide(district, parts=parts), now=now, tell=told)
