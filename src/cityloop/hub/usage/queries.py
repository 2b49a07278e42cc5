"""Figures of use: groups of people for those who may read them, the own history for everybody."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Q, Sum

from cityloop.city.accounts.domain import ROLE_NAMES, Role, Viewer
from cityloop.city.accounts.models import RoleHolding, User
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.accounts.rules import need_person
from cityloop.city.profile import load_profile
from cityloop.hub.usage.domain import FUNCTIONS, shown_people, shown_posts
from cityloop.hub.usage.models import Use
from cityloop.hub.usage.rules import check_may_read

MOST_DAYS = 35


def minimum_count() -> int:
    """Groups of fewer people are not shown."""
    return int(load_profile().settings.get("public", {}).get("minimum_count", 5))


def usage(viewer: Viewer, *, now: datetime, days: int = 30) -> dict[str, Any]:
    """Who uses what, as counts of people over the last days.

    Args:
        days: 1 to 35; today is one of them.
    Raises: NotAllowed("usage.not_yours").
    """
    check_may_read(viewer)
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    since = today - timedelta(days=days - 1)
    rows = Use.objects.filter(day__gte=since, day__lte=today)
    least = minimum_count()
    return {
        "since": since,
        "until": today,
        "minimum": least,
        "people": _people(rows.aggregate(n=Count("user", distinct=True))["n"], least),
        "functions": _functions(rows, least),
        "days": _days(rows, since, today, least),
        "silent": silent(now=now, days=days, least=least),
    }


def _people(n: int, least: int) -> dict[str, Any]:
    shown = shown_people(n, minimum=least)
    return {"people": shown.people, "few": shown.few}


def _functions(rows: Any, least: int) -> list[dict[str, Any]]:
    """Every function there is, most people first; those that nobody used come last."""
    whole = {
        r["function"]: r
        for r in rows.values("function").annotate(
            n=Count("user", distinct=True), sum=Sum("uses"), last=Max("day")
        )
    }
    posts: dict[str, dict[str, int]] = {}
    for r in rows.values("function", "role").annotate(n=Count("user", distinct=True)):
        posts.setdefault(r["function"], {})[r["role"]] = r["n"]
    found = []
    for key, function in FUNCTIONS.items():
        row = whole.get(key, {"n": 0, "sum": 0, "last": None})
        few = 0 < row["n"] < least
        shown = shown_posts(posts.get(key, {}), whole=row["n"], minimum=least)
        found.append(
            {
                "key": key,
                "zh": function.zh,
                "en": function.en,
                "roles": [r.value for r in Role if r in function.roles],
                **_people(row["n"], least),
                # The number of uses of three people says what three people do.
                "uses": None if few else row["sum"],
                "last": row["last"],
                "posts": [{"role": role, "people": n} for role, n in shown.items()],
            }
        )
    return sorted(found, key=lambda f: (f["last"] is None, -(f["people"] or 0), f["key"]))


def _days(rows: Any, since: date, until: date, least: int) -> list[dict[str, Any]]:
    counted = {
        r["day"]: r["n"] for r in rows.values("day").annotate(n=Count("user", distinct=True))
    }
    span = (until - since).days + 1
    days = (since + timedelta(days=n) for n in range(span))
    return [{"day": day, **_people(counted.get(day, 0), least)} for day in days]


def silent(*, now: datetime, days: int, least: int) -> list[dict[str, Any]]:
    """People at their posts who have not logged in for so many days, by department or post.

    Only counts, and only of groups of at least `least` people; smaller groups are added up in
    one row without a name.
    """
    since = now - timedelta(days=days)
    held = RoleHolding.objects.live().filter(user__is_active=True).exclude(role=Role.CITIZEN)
    away = Q(user__last_login__isnull=True) | Q(user__last_login__lt=since)
    groups: list[dict[str, Any]] = []
    units = {d.pk: d for d in departments_by_key().values()}
    counted = {"people": Count("user", distinct=True)}
    counted["away"] = Count("user", filter=away, distinct=True)
    for r in held.filter(department__isnull=False).values("department_id").annotate(**counted):
        unit = units[r["department_id"]]
        name = {"zh": unit.name_zh, "en": unit.name_en or unit.name_zh}
        groups.append({"department_id": unit.pk, "role": None, **name, **_numbers(r)})
    for r in held.filter(department__isnull=True).values("role").annotate(**counted):
        zh, en = ROLE_NAMES[Role(r["role"])]
        groups.append({"department_id": None, "role": r["role"], "zh": zh, "en": en, **_numbers(r)})
    return _merged(groups, least)


def _numbers(row: dict[str, Any]) -> dict[str, int]:
    return {"people": row["people"], "away": row["away"]}


def _merged(groups: list[dict[str, Any]], least: int) -> list[dict[str, Any]]:
    named = [g for g in groups if g["people"] >= least]
    small = [g for g in groups if g["people"] < least]
    named.sort(key=lambda g: (-g["away"] / g["people"], -g["away"], g["zh"]))
    whole = {"people": sum(g["people"] for g in small), "away": sum(g["away"] for g in small)}
    if whole["people"] >= least:
        label = {
            "zh": "人数较少的部门与岗位合计",
            "en": "Small departments and posts together",
        }
        named.append({"department_id": None, "role": None, **label, **whole})
    return named


def own_history(viewer: Viewer, *, now: datetime) -> dict[str, Any]:
    """What this person used in the kept weeks; nobody else can ask for it.

    Raises: NotAllowed("login.needed", 401).
    """
    user_id = need_person(viewer)
    rows = Use.objects.filter(user_id=user_id)
    used = {
        r["function"]: r
        for r in rows.values("function").annotate(
            days=Count("day", distinct=True), sum=Sum("uses"), last=Max("day")
        )
    }
    roles = {h.role for h in viewer.holdings}
    items = [
        {
            "key": key,
            "zh": function.zh,
            "en": function.en,
            "days": used[key]["days"] if key in used else 0,
            "uses": used[key]["sum"] if key in used else 0,
            "last": used[key]["last"] if key in used else None,
        }
        for key, function in FUNCTIONS.items()
        if key in used or roles & function.roles
    ]
    items.sort(key=lambda i: (-i["uses"], i["key"]))
    last = User.objects.filter(pk=user_id).values_list("last_login", flat=True).first()
    return {"kept_days": MOST_DAYS, "last_login": last, "items": items}
