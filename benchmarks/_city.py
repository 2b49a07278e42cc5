"""The city that the loop is measured in: a synthetic street-size district, staff, a model.

Everything is made through the platform's own commands. Needs Django set up.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from cityloop.ai.triage.commands import train_from_profile
from cityloop.ai.triage.queries import active_model
from cityloop.business.cases.domain.values import NewReport, NewReporter
from cityloop.business.catalogue import commands as catalogue
from cityloop.business.dispatch.commands import load_rules
from cityloop.city.accounts.commands import create_user, grant_role, new_token
from cityloop.city.accounts.domain import SCOPES, SYSTEM, Role
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.places.commands import (
    add_shift,
    assign_worker,
    import_areas,
    set_duty_grid,
)
from cityloop.city.places.domain import AreaInfo, Level
from cityloop.city.places.queries import bounds, locate, tree
from cityloop.city.profile import load_profile
from cityloop.engines.district import generate

SEED = 20260301
DEPARTMENT = "urban"
GIVEN_SHARE = 0.7  # reports that come with a class; the others go through the model
# role measured, name of its area's level ("" = by department)
READERS: dict[str, tuple[Role, str]] = {
    "acceptor": (Role.ACCEPTOR, "subdistrict"),
    "supervisor_district": (Role.SUPERVISOR_DISTRICT, "district"),
    "supervisor_community": (Role.SUPERVISOR_COMMUNITY, "community"),
    "grid_worker": (Role.GRID_WORKER, "community"),
    "handler": (Role.HANDLER, ""),
    "citizen": (Role.CITIZEN, ""),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """One person of the city and the token that acts for them."""

    user_id: int
    token: str


def build(now: datetime) -> dict[str, Desk]:
    """District, departments, catalogue, rules, classifier, grid workers; one desk a role."""
    import_areas(json.dumps(generate("street", SEED).area_geojson()), actor=SYSTEM, now=now)
    catalogue.load_departments(actor=SYSTEM, now=now)
    catalogue.load_from_profile(actor=SYSTEM, now=now)
    load_rules(actor=SYSTEM, now=now)
    if active_model() is None:
        train_from_profile(actor=SYSTEM, now=now)
    for n, community in enumerate(tree().below(None, Level.COMMUNITY)):
        _put_on_duty(n, community, now)
    return {name: _desk(name, role, level, now) for name, (role, level) in READERS.items()}


def _put_on_duty(n: int, community: AreaInfo, now: datetime) -> None:
    """One worker a community, on duty for the next half day."""
    made = create_user(f"bench_worker_{n}", by_password=False, actor=SYSTEM, now=now)
    grant_role(made.user_id, Role.GRID_WORKER, area_id=community.id, actor=SYSTEM, now=now)
    cells = [cell.code for cell in tree().children(community.id)]
    set_duty_grid(f"B{n}", name=f"基准网格{n}", cell_codes=cells, actor=SYSTEM, now=now)
    assign_worker(f"B{n}", made.user_id, actor=SYSTEM, now=now)
    add_shift(made.user_id, now, now + timedelta(hours=12), actor=SYSTEM, now=now)


def _desk(name: str, role: Role, level: str, now: datetime) -> Desk:
    made = create_user(f"bench_{name}", by_password=False, actor=SYSTEM, now=now)
    area = tree().below(None, Level(level))[0].id if level else None
    by_department = role is Role.HANDLER
    department = departments_by_key()[DEPARTMENT].pk if by_department else None
    grant_role(made.user_id, role, area_id=area, department_id=department, actor=SYSTEM, now=now)
    token = new_token(f"bench {name}", made.user_id, list(SCOPES), actor=SYSTEM, now=now)
    return Desk(made.user_id, token.secret)


def reports(count: int, tag: str, *, given_share: float = GIVEN_SHARE) -> list[NewReport]:
    """Synthetic reports: a real-looking text, a point in the district, a name and a phone."""
    dice = random.Random(f"{SEED} {tag}")
    rows = [r for r in load_profile().rows("examples.csv") if r["language"] == "zh"]
    made = []
    for n, (lon, lat) in enumerate(points_inside(count)):
        row = dice.choice(rows)
        given = dice.random() < given_share
        made.append(
            NewReport(
                channel="hotline",
                external_id=f"{tag}-{n}",
                title=row["text"][:18],
                text=f"{row['text']}（第{dice.randrange(10_000)}次反映，请尽快处理）",
                lon=lon,
                lat=lat,
                class_key=f"{row['kind'][0].upper()}{row['code']}" if given else "",
                reporter=NewReporter(name="王某某", phone=f"139{dice.randrange(10**8):08d}"),
            )
        )
    return made


def points_inside(count: int) -> list[tuple[float, float]]:
    """Points spread over the cells (the district does not fill its box), degrees."""
    box = bounds()
    assert box is not None
    dice = np.random.default_rng(SEED)
    lons = dice.uniform(box.west, box.east, 2 * count + 100)
    lats = dice.uniform(box.south, box.north, 2 * count + 100)
    inside = np.flatnonzero(locate(lons, lats)[0] >= 0)[:count]
    return list(zip(lons[inside].tolist(), lats[inside].tolist(), strict=True))
