"""What a client asks, read strictly: dates, windows, statuses, attributes, places."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cityloop.kernel.errors import DomainError, NotFound

SPAN = timedelta(days=90)
MOST = 1000
STATUSES = ("open", "closed")
_W3 = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)"
    r"(Z|[+-]\d{2}:\d{2}))?)?)?"
)
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\d*\])?")


@dataclass(frozen=True, slots=True)
class Asked:
    """GET requests: which ones."""

    ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    page: int = 1
    page_size: int = MOST


def asked(given: Mapping[str, str], *, now: datetime) -> Asked:
    """The query of GET requests; an empty parameter counts as none.

    Without dates: the last 90 days. With one: 90 days from or up to it.
    Raises: DomainError("open311.date" | "open311.span" | "open311.status" | "open311.number").
    """
    ids = _list(given.get("service_request_id", ""))
    if ids:
        return Asked(ids=ids[:MOST])
    start = _date(given, "start_date")
    end = _date(given, "end_date")
    start, end = _window(start, end, now)
    return Asked(
        codes=_list(given.get("service_code", "")),
        statuses=_statuses(given.get("status", "")),
        start=start,
        end=end,
        updated_after=_date(given, "updated_after"),
        updated_before=_date(given, "updated_before"),
        page=_number(given, "page", 1, 1000),
        page_size=_number(given, "page_size", MOST, MOST),
    )


def w3_date(text: str, where: str) -> datetime:
    """A W3C date and time with its zone, such as 2010-01-01T00:00:00Z.

    A `+` that became a blank on its way through a URL is taken as what it was.
    Raises: DomainError("open311.date").
    """
    found = _W3.fullmatch(re.sub(r" (?=\d{2}:\d{2}$)", "+", text.strip()))
    if found and found[4]:
        try:
            zone = "+00:00" if found[5] == "Z" else found[5]
            made = datetime.fromisoformat(f"{found[1]}-{found[2]}-{found[3]}T{found[4]}{zone}")
            if 1970 <= made.year < 2200:  # far enough from what no calendar can reckon with
                return made
        except ValueError:
            pass
    raise DomainError(
        "open311.date",
        f"{where} is '{text[:60]}'; write it with its zone, like 2010-01-01T00:00:00Z or "
        "2010-01-01T08:00:00+08:00.",
        f"{where} 为“{text[:60]}”，应为带时区的时间，如 2010-01-01T00:00:00Z。",
        where=where,
    )


def read_location(lat: str, long: str) -> tuple[float, float] | None:
    """(lon, lat) of the two parameters, None when both are empty.

    Raises: DomainError("open311.location").
    """
    if not lat.strip() and not long.strip():
        return None
    try:
        y, x = float(lat), float(long)
        if math.isfinite(x) and math.isfinite(y):
            return x, y
    except ValueError:
        pass
    raise DomainError(
        "open311.location",
        f"lat='{lat[:30]}', long='{long[:30]}': both must be numbers in degrees (WGS84).",
        f"lat=“{lat[:30]}”、long=“{long[:30]}”：均须为以度为单位的数字（WGS84）。",
        where="lat,long",
    )


def attributes(given: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """attribute[CODE]=value and attribute[CODE][]=value, by code."""
    found: dict[str, list[str]] = {}
    for key, values in given:
        named = _ATTRIBUTE.fullmatch(key)
        if named:
            found.setdefault(named[1], []).extend(v.strip() for v in values if v.strip())
    return found


def check_jurisdiction(given: str, ours: str) -> None:
    """Raises: NotFound("open311.jurisdiction") when another one is asked for than ours."""
    if given and ours and given != ours:
        raise NotFound(
            "open311.jurisdiction",
            f"jurisdiction_id '{given[:60]}' was not found; this server is '{ours}'.",
            f"没有辖区“{given[:60]}”，本服务的辖区为“{ours}”。",
            where="jurisdiction_id",
        )


def _window(
    start: datetime | None, end: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    if start is None and end is None:
        return now - SPAN, now + timedelta(days=1)
    first = start or (end or now) - SPAN
    last = end or first + SPAN
    if last - first > SPAN or last < first:
        raise DomainError(
            "open311.span",
            f"start_date {first.isoformat()} to end_date {last.isoformat()} must be 0 to 90 days.",
            f"start_date {first.isoformat()} 至 end_date {last.isoformat()} 须在 0 至 90 天内。",
            where="start_date",
        )
    return first, last


def _date(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name, "").strip()
    return w3_date(text, name) if text else None


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _statuses(text: str) -> tuple[str, ...]:
    wanted = tuple(part.lower() for part in _list(text))
    unknown = [part for part in wanted if part not in STATUSES]
    if unknown:
        raise DomainError(
            "open311.status",
            f"status '{unknown[0][:40]}' is not possible; allowed: open, closed.",
            f"status “{unknown[0][:40]}”无效，可用：open、closed。",
            where="status",
        )
    return wanted


def _number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    if text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= most:
        return int(text)
    raise DomainError(
        "open311.number",
        f"{name} is '{text[:30]}'; a whole number of 1 to {most} is allowed.",
        f"{name} 为“{text[:30]}”，应为 1 至 {most} 的整数。",
        where=name,
    )
