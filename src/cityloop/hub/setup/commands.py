"""The first three administrators, and what a profile brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cityloop.business.catalogue.commands import load_departments, load_from_profile
from cityloop.business.catalogue.commands.calendar import china_days, set_work_days
from cityloop.business.dispatch.commands import load_rules
from cityloop.city.accounts.commands import Created, appoint_administrators
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.rules import need_role
from cityloop.city.db import write
from cityloop.engines.deadlines import china_years
from cityloop.hub.setup.code import check_code, forget_code
from cityloop.hub.setup.queries import has_catalogue


@dataclass(frozen=True, slots=True)
class FromProfile:
    """What the profile brought: departments, catalogue version (None: there was one), rules,
    days of the calendar."""

    departments: int
    version: int | None
    rules: int
    days: int


def make_administrators(code: str, *, now: datetime) -> list[Created]:
    """System, security and audit administrator, each with a one-time password.

    Raises: Conflict("setup.done") when there are any, NotAllowed("setup.code").
    """
    check_code(code)
    made = appoint_administrators(now=now)
    forget_code()
    return made


def take_profile(*, actor: Viewer, now: datetime) -> FromProfile:
    """Departments, catalogue (unless one is there), rules and calendar of the profile in use.

    Doing it twice changes nothing. Raises: NotAllowed.
    """
    need_role(actor, Role.SYSTEM_ADMIN)
    with write():
        departments = load_departments(actor=actor, now=now)
        version = None if has_catalogue() else load_from_profile(actor=actor, now=now).number
        rules = load_rules(actor=actor, now=now)
        published = [y for y in (now.year - 1, now.year, now.year + 1) if y in china_years()]
        days = set_work_days(china_days(published), actor=actor, now=now) if published else 0
    return FromProfile(departments, version, len(rules.saved) + len(rules.same), days)
