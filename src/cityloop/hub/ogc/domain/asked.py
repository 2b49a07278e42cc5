"""What was asked for: the parameters of the standard, and no others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from cityloop.hub.ogc.domain.systems import CRS84, box_of, check_system, offered_systems
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import Bounds

DEFAULT_LIMIT, MOST = 100, 1_000
FORMS = ("json", "html")
ITEMS = ("bbox", "bbox-crs", "crs", "limit", "offset", "datetime", "f", "after")
MOST_OFFSET = 100_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(  # RFC 3339, 5.6; Python would read more than that
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)"
)
Span = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of items. bbox in WGS84 degrees; span: from, until (None = open); where: values that
    properties must have; offset: features to step over (next links go by `after` and need none);
    crs: system of the answer.
    """

    limit: int = DEFAULT_LIMIT
    bbox: Bounds | None = None
    span: Span | None = None
    after: str = ""
    offset: int = 0
    where: Mapping[str, str] = field(default_factory=dict)
    crs: str = CRS84


def check_names(given: Mapping[str, Sequence[str]], allowed: Sequence[str]) -> None:
    """Raises: DomainError("ogc.parameter") for a parameter that is not known or comes twice
    (requirement 8 of the standard: /req/core/query-param-unknown)."""
    for name, values in given.items():
        if name not in allowed:
            shown = ", ".join(allowed)
            raise _refusal(name, f"is not known here; known are {shown}", f"不支持；可用：{shown}")
        if len(values) != 1:
            raise _refusal(name, "is given more than once", "重复给出")


def asked(
    given: Mapping[str, Sequence[str]], city: Bounds | None, properties: Sequence[str] = ()
) -> Asked:
    """The parameters of an items request.

    Args:
        properties: of the features: each may be asked for by its name.
    Raises: DomainError("ogc.parameter").
    """
    check_names(given, (*ITEMS, *properties))
    one = {name: values[0] for name, values in given.items()}
    offered = offered_systems(city)
    box_crs = check_system("bbox-crs", one.get("bbox-crs", CRS84), offered)
    return Asked(
        limit=min(_whole("limit", one.get("limit"), DEFAULT_LIMIT, 1, 10**12), MOST),
        offset=_whole("offset", one.get("offset"), 0, 0, MOST_OFFSET),
        where={name: text[:200] for name, text in one.items() if name not in ITEMS},
        crs=check_system("crs", one.get("crs", CRS84), offered),
        bbox=_bbox(one["bbox"], city, box_crs) if "bbox" in one else None,
        span=_span(one["datetime"]) if "datetime" in one else None,
        after=one.get("after", "")[:80],
    )


def form_of(given: str | None, accepted: str) -> str:
    """json or html: the parameter f, else what the program accepts; JSON where both do.

    Raises: DomainError("ogc.parameter") for another f.
    """
    if given is not None:
        if given not in FORMS:
            raise _refusal("f", f"is {given[:20]!r}; allowed: json, html", "应为 json 或 html")
        return given
    wishes = _wishes(accepted)
    html = wishes.get("text/html", 0.0)
    json = max((q for kind, q in wishes.items() if "json" in kind), default=None)
    if json is not None:
        return "html" if html > json else "json"
    return "html" if html > 0 and html >= wishes.get("*/*", 0.0) else "json"


def _wishes(accepted: str) -> dict[str, float]:
    """Media types with their weights (RFC 9110, 12.5.1); what cannot be read is left out."""
    found: dict[str, float] = {}
    for part in accepted.lower().split(","):
        kind, *more = (piece.strip() for piece in part.split(";"))
        weights = [piece[2:] for piece in more if piece.startswith("q=")]
        try:
            weight = float(weights[0]) if weights else 1.0
        except ValueError:
            continue
        if kind:
            found[kind] = max(found.get(kind, 0.0), weight)
    return found


def _whole(name: str, text: str | None, usual: int, least: int, most: int) -> int:
    """A whole number. A limit above what is given at once is no error (requirement
    /req/core/fc-limit-response-1)."""
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and least <= int(text[:14]) <= most):
        raise _refusal(name, f"is {text[:20]!r}; a whole number from {least} to {most:,}",
                       f"应为 {least} 至 {most:,} 的整数")  # fmt: skip
    return int(text)


def _bbox(text: str, city: Bounds | None, crs: str) -> Bounds:
    """Four numbers, or six with heights; west greater than east spans the 180th meridian."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [numbers[k] for k in (0, 1, 3, 4)]
    try:
        west, south, east, north = box_of(numbers, crs) if len(numbers) == 4 else numbers
        if west <= east:
            return Bounds(west, south, east, north)
        eastern, western = Bounds(west, south, 180.0, north), Bounds(-180.0, south, east, north)
    except (ValueError, DomainError):
        raise _refusal(
            "bbox", f"is {text[:60]!r}; west,south,east,north in degrees, or as bbox-crs says",
            f"为 {text[:60]!r}；应为 西,南,东,北（度），或按 bbox-crs",
        ) from None  # fmt: skip
    middle = 0.0 if city is None else (city.west + city.east) / 2
    return eastern if middle >= west else western


def _span(text: str) -> Span:
    """An instant, a day, or from/until with .. for open ends; a day as the end ends with it."""
    start, mark, end = text.partition("/")
    if not mark:
        return _moment(start), _moment(start, last=True)
    span = _moment(start, open_end=True), _moment(end, open_end=True, last=True)
    if None not in span and span[0] > span[1]:  # type: ignore[operator]
        raise _refusal("datetime", "ends before it begins", "结束早于开始")
    return span


def _moment(text: str, *, open_end: bool = False, last: bool = False) -> datetime | None:
    if open_end and text in ("", ".."):
        return None
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time.max if last else time(), UTC)
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        return datetime.fromisoformat(text.upper())
    except ValueError:
        raise _refusal(
            "datetime", f"is {text[:40]!r}; RFC 3339, e.g. 2026-03-01T00:00:00Z/..",
            f"为 {text[:40]!r}；应为 RFC 3339，例如 2026-03-01T00:00:00Z/..",
        ) from None  # fmt: skip


def _refusal(name: str, en: str, zh: str) -> DomainError:
    return DomainError(
        "ogc.parameter", f"The parameter {name[:40]} {en}.", f"参数 {name[:40]} {zh}。", where=name
    )
