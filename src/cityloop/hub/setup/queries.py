"""How far the setup is, read from what is there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from cityloop.ai.triage.queries import active_model
from cityloop.business.cases.commands.keeping import cases_kept
from cityloop.business.catalogue.queries import (
    active_version_id,
    calendar_of,
    classes_without_owner,
)
from cityloop.business.catalogue.queries import catalogue as catalogue_now
from cityloop.city.accounts.domain import ADMINISTRATORS, Role, Viewer
from cityloop.city.accounts.queries import departments_by_key, live_holdings, waiting_requests
from cityloop.city.accounts.rules import need_role
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import tree
from cityloop.city.places.queries.rota import Cover, shift_count, standing_cover
from cityloop.hub.setup.domain import Missing, Step
from cityloop.kernel.errors import NotFound

# Without these the loop does not turn.
NEEDED = (Role.GRID_WORKER, Role.ACCEPTOR, Role.DISPATCHER, Role.HANDLER, Role.SUPERVISOR_DISTRICT)
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Status:
    """Steps in order, and what is missing for daily work."""

    steps: list[Step]
    missing: list[Missing]


def has_administrators() -> bool:
    """Whether any of the three is appointed: from then on the door without a log-in is shut."""
    return bool(sum(live_holdings([*ADMINISTRATORS]).values()))


def has_catalogue() -> bool:
    """Whether a catalogue is active."""
    try:
        active_version_id()
    except NotFound:
        return False
    return True


def status(*, viewer: Viewer, now: datetime) -> Status:
    """How far it is. Raises: NotAllowed unless an administrator looks."""
    need_role(viewer, *sorted(ADMINISTRATORS))
    cover = standing_cover()
    held = live_holdings([*ADMINISTRATORS, *NEEDED])
    departments = {k: d for k, d in departments_by_key().items() if d.active}
    steps = [
        Step("administrators", sum(1 for r in ADMINISTRATORS if held.get(r)), 3),
        Step("profile", len(departments)),
        Step("areas", len(tree().below(None, Level.CELL))),
        Step("staff", sum(1 for r in NEEDED if held.get(r)), len(NEEDED)),
        Step("catalogue", len(catalogue_now().classes) if has_catalogue() else 0),
        Step("duty", cover.covered, cover.cells or None),
        Step("shifts", shift_count(now, now + timedelta(days=7))),
        Step("case", cases_kept()),
    ]
    return Status(steps, [m for m in _missing(held, departments, cover, now) if m.count])


def profiles() -> list[dict[str, Any]]:
    """Profiles there are, with the one in use marked; the choice is CITYLOOP_PROFILE."""
    found = []
    for path in sorted(Path(settings.PROFILES).glob("*/profile.toml")):
        name = tomllib.loads(path.read_text("utf-8")).get("name", {})
        key = path.parent.name
        said = {"zh": name.get("zh", key), "en": name.get("en", key)}
        found.append({"key": key, "in_use": key == settings.PROFILE} | said)
    return found


def _missing(
    held: dict[Role, int], departments: dict[str, Any], cover: Cover, now: datetime
) -> Iterator[Missing]:
    bare = tuple(c["code"] for c in cover.uncovered[:_SHOWN])
    yield Missing("cells_without_worker", cover.cells - cover.covered, bare)
    ownerless = classes_without_owner(set(departments)) if has_catalogue() else []
    names = tuple(f"{c.key} {c.name_zh}" for c in ownerless[:_SHOWN])
    yield Missing("classes_without_department", len(ownerless), names)
    empty = [r for r in NEEDED if not held.get(r)]
    yield Missing("roles_nobody_holds", len(empty), tuple(r.value for r in empty))
    yield Missing("roles_asked_for", waiting_requests())
    yield Missing("no_calendar", 0 if calendar_of(now.year)["days"] else 1, (str(now.year),))
    yield Missing("no_model", 0 if active_model() else 1)
    yield Missing("no_fallback", 0 if any(d.is_fallback for d in departments.values()) else 1)
