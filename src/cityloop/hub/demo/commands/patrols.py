"""Patrol plans of the town, two days of walks, and duty for the visitor who tries the app."""

from __future__ import annotations

import csv
import tempfile
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.business.patrol.commands import (
    deliver_end,
    deliver_start,
    deliver_visit,
    set_plan,
)
from cityloop.city.accounts.domain import SYSTEM, Role
from cityloop.city.accounts.models import User
from cityloop.city.accounts.queries import active_users, viewer_of
from cityloop.city.db import write
from cityloop.city.places.commands import assign_worker, import_shifts
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import grids_of_worker, shifts_of, tree
from cityloop.hub.demo.commands.cast import town_staff
from cityloop.hub.demo.domain.dice import Dice

VISITOR = "try_worker"
SEEN = 0.82  # share of cells that a walk reaches
CHECKLIST = (
    ("fire", "消防通道是否畅通", "Fire lane clear"),
    ("rubbish", "有无暴露垃圾", "No rubbish lying about"),
    ("cover", "井盖是否完好", "Manhole covers in order"),
    ("works", "施工围挡是否牢固", "Site fences firm"),
)


def plan_patrols(seed: int, *, now: datetime) -> None:
    """A daily plan for each community, walks since yesterday, and the visitor on duty."""
    people = town_staff(seed)
    grids: dict[int, set[str]] = {}
    users = active_users(
        [p.username for p in people if p.role is Role.GRID_WORKER], role=Role.GRID_WORKER
    )
    for user_id in users.values():
        for grid in grids_of_worker(user_id):
            grids.setdefault(grid.community_id, set()).add(grid.code)
    areas = tree()
    checklist = [{"key": key, "zh": zh, "en": en} for key, zh, en in CHECKLIST]
    for community, codes in sorted(grids.items()):
        area = areas.get(community)
        set_plan(
            f"XC{area.code[-3:]}",
            name_zh=f"{area.name_zh}日常巡查",
            name_en=f"Daily patrol of {area.name_en or area.name_zh}",
            duty_grid_codes=sorted(codes),
            checklist=checklist,
            actor=SYSTEM,
            now=now,
        )
    for username, user_id in sorted(users.items()):
        _walk(username, user_id, seed, now)
    post_visitor(now=now)


def _walk(username: str, user_id: int, seed: int, now: datetime) -> None:
    """One walk in each shift since yesterday, half an hour after its beginning."""
    own = grids_of_worker(user_id)[:1]
    viewer = viewer_of(User.objects.get(pk=user_id))
    areas = tree()
    for shift in shifts_of(user_id, now - timedelta(days=1), now):
        start = shift.starts_at + timedelta(minutes=30)
        end = start + timedelta(hours=2)
        if end > now or not own:
            continue
        dice = Dice(seed, f"walk {username} {start:%Y%m%d%H}")
        walk = f"walk-{username}-{start:%Y%m%d%H}"
        code = f"XC{areas.get(own[0].community_id).code[-3:]}"
        deliver_start(walk, plan=code, at=start, actor=viewer, now=start)
        for n, cell in enumerate(own[0].cells):
            if dice.chance(f"cell {cell}", SEEN):
                at = start + timedelta(minutes=3 + n % 115)
                deliver_visit(
                    f"{walk}-{n:04d}", patrol=walk, cell_code=areas.get(cell).code,
                    answers={}, at=at, actor=viewer, now=at,
                )  # fmt: skip
        deliver_end(f"{walk}-end", patrol=walk, at=end, actor=viewer, now=end)


def post_visitor(*, now: datetime, days: int = 9) -> None:
    """The visitor stands in for the workers of the first community, round the clock."""
    found = active_users([VISITOR], role=Role.GRID_WORKER)
    communities = tree().below(None, Level.COMMUNITY)
    if not found or not communities:
        return
    code = f"Z{communities[0].code[-3:]}1"
    with write():
        if not grids_of_worker(found[VISITOR]):
            assign_worker(code, found[VISITOR], rank=9, actor=SYSTEM, now=now)
    zone = ZoneInfo(settings.TIME_ZONE)
    first = datetime.combine(now.astimezone(zone).date(), time(0), zone) - timedelta(days=1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shifts.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["username", "starts_at", "ends_at"])
            for n in range(days + 1):
                start = first + timedelta(days=n)
                end = first + timedelta(days=n + 1)
                table.writerow([VISITOR, start.isoformat(), end.isoformat()])
        import_shifts(path, actor=SYSTEM, now=now)
