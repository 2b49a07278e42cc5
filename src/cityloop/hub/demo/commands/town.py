"""The synthetic subdistrict as a city: areas, names, catalogue, model, rules."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from cityloop.ai.triage.commands import train
from cityloop.ai.triage.examples import Examples, profile_phrases
from cityloop.business.catalogue import commands as catalogue
from cityloop.business.dispatch.commands import load_rules
from cityloop.city.accounts.commands import create_user, grant_role
from cityloop.city.accounts.domain import SYSTEM, Role
from cityloop.city.accounts.queries import active_users, departments_by_key
from cityloop.city.db import write
from cityloop.city.places.commands import (
    assign_worker,
    import_areas,
    import_shifts,
    set_duty_grid,
)
from cityloop.city.places.commands.names import NewName, add_names
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import tree
from cityloop.city.profile import load_profile
from cityloop.engines.district import District
from cityloop.hub.demo.commands.cast import town_doors, town_staff
from cityloop.hub.demo.domain.people import Person, shifts
from cityloop.hub.demo.domain.stories import Example, Spot, split_examples

# Lower than a real city's: with a dozen texts a class the model is sure of few, and a visitor
# should see both what it does alone and what people put right.
ACCURACY = 0.8
BASEMAP = "basemap.json"
GAZETTEER_KINDS = frozenset({"street", "compound", "poi", "junction", "building"})


def lay_out(district: District, *, now: datetime) -> None:
    """Areas, place names, and the ground for the map."""
    import_areas(json.dumps(district.area_geojson()), actor=SYSTEM, now=now)
    names = [
        NewName(name, kind, str(area_id), lon, lat)
        for name, kind, area_id, lon, lat in district.gazetteer_entries()
        if kind in GAZETTEER_KINDS
    ]
    add_names(names, actor=SYSTEM, now=now)
    write_basemap(district)


def write_basemap(district: District) -> None:
    """Streets, water, parks and buildings beside the data: a ground to recognise places by."""
    ground = {
        "streets": district.streets_geojson(),
        "landscape": district.landscape_geojson(),
        "buildings": district.buildings_geojson(),
    }
    path = Path(settings.DATA) / BASEMAP
    path.write_text(json.dumps(ground, ensure_ascii=False), encoding="utf-8")


def load_city(*, now: datetime) -> None:
    """Departments, catalogue, hard rules of the profile."""
    catalogue.load_departments(actor=SYSTEM, now=now)
    catalogue.load_from_profile(actor=SYSTEM, now=now)
    load_rules(actor=SYSTEM, now=now)


def profile_texts() -> list[Example]:
    """The profile's Chinese examples."""
    return [
        Example(f"{row['kind'][0].upper()}{row['code']}", row["text"])
        for row in load_profile().rows("examples.csv")
        if row["language"] == "zh"
    ]


def train_model(*, now: datetime) -> list[Example]:
    """A model of three quarters of the texts; returns the rest, which it has never seen.

    The share that the machine dispatches in the demo, and how often it is right, are therefore
    what they would be on new reports.
    """
    learn, report = split_examples(profile_texts())
    given = Examples()
    for example in learn:
        given.add("", example.text, example.class_key)
    profile = load_profile()
    train(
        given, phrases=profile_phrases(profile), name="demo: three quarters of the profile",
        accuracy=ACCURACY, actor=SYSTEM, now=now,
    )  # fmt: skip
    return report


def hire(seed: int, *, now: datetime) -> list[Person]:
    """Everybody who works or lives here, and the visitors' own accounts."""
    people = [*town_staff(seed), *(door.person for door in town_doors())]
    areas = {a.code: a.id for a in tree()}
    units = {key: d.pk for key, d in departments_by_key().items()}
    with write():
        for person in people:
            made = create_user(
                person.username, display_name=person.name, by_password=False, actor=SYSTEM, now=now
            )
            for unit in person.departments or ("",):
                grant_role(
                    made.user_id, person.role, area_id=areas.get(person.area),
                    department_id=units.get(unit), actor=SYSTEM, now=now,
                )  # fmt: skip
    return people


def put_on_duty(people: Sequence[Person], *, now: datetime) -> None:
    """Each community: two duty grids, one for each of its workers, who stand in for each other."""
    ids = active_users([p.username for p in people], role=Role.GRID_WORKER)
    night = [p for p in people if p.username.startswith("night")]
    workers: dict[str, list[Person]] = {}
    for person in people:
        if person.role is Role.GRID_WORKER:
            workers.setdefault(person.area, []).append(person)
    # three digits name a community of one subdistrict, six those of several
    digits = 3 if len(tree().below(None, Level.SUBDISTRICT)) == 1 else 6
    with write():
        for n, community in enumerate(tree().below(None, Level.COMMUNITY)):
            cells = [c.code for c in tree().children(community.id)]
            own = workers.get(community.code, [])
            for part in range(len(own)):
                mine = cells[part :: len(own)]
                if not mine:
                    continue
                code = f"Z{community.code[-digits:]}{part + 1}"
                name = f"{community.name_zh}第{part + 1}责任网格"
                set_duty_grid(code, name=name, cell_codes=mine, actor=SYSTEM, now=now)
                others = [*own[part:], *own[:part], *night[n % len(night) : n % len(night) + 1]]
                for rank, person in enumerate(dict.fromkeys(others), start=1):
                    assign_worker(code, ids[person.username], rank=rank, actor=SYSTEM, now=now)


def plan_shifts(people: Sequence[Person], first: date, days: int, *, now: datetime) -> int:
    """Shifts of these days; what is planned already stays as it is. Returns how many are new."""
    zone = ZoneInfo(settings.TIME_ZONE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shifts.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["username", "starts_at", "ends_at"])
            for username, start, end in shifts(people, first, days, zone):
                table.writerow([username, start.isoformat(), end.isoformat()])
        return import_shifts(path, actor=SYSTEM, now=now).added


def plan_ahead(seed: int, *, now: datetime, days: int = 8) -> int:
    """Shifts from yesterday to a week ahead."""
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return plan_shifts(town_staff(seed), today - timedelta(days=1), days + 1, now=now)


def spots_of(district: District) -> list[Spot]:
    """Places that people name when they report."""
    return [
        Spot(name, lon, lat)
        for name, kind, _, lon, lat in district.gazetteer_entries()
        if kind in GAZETTEER_KINDS and not name.isascii()
    ]
