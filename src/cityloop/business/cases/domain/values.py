"""What comes in and what is answered: values of the loop's commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class NewReporter:
    """Who reports, as given; kept sealed, never in the report."""

    name: str = ""
    phone: str = ""
    contact: str = ""
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewReport:
    """One message about one matter.

    Args:
        channel, external_id: together the identity; a repeat returns the first receipt.
        lon, lat: degrees in the declared `crs` (wgs84, cgcs2000, gcj02, bd09); both or none.
        area_code: the area where the sender knows it (instead of coordinates).
        class_key: class chosen by a person or by a mapping ("E0112"); empty = triage decides.
        condition_seq: which condition of that class, by its number; None = the usual one.
        happened_at: when the sender says it happened (aware).
        on_the_spot: the sender, a grid worker, settles it at once: it is not filed and sent on.
        follow_key: random and made by the sender, so that an answer lost on the way costs the
            reporter nothing; empty = the platform makes one.
    """

    channel: str
    external_id: str
    title: str = ""
    text: str = ""
    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    address: str = ""
    area_code: str = ""
    class_key: str = ""
    condition_seq: int | None = None
    language: str = "zh"
    happened_at: datetime | None = None
    reporter: NewReporter | None = None
    confidential: bool = False
    follow_key: str = ""
    on_the_spot: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets back. `created` is False when the same report came before."""

    report_id: int
    case_id: int
    number: str
    created: bool
    state: str
    follow_key: str | None = None
    located_by: str = "unknown"
    class_key: str | None = None
    lead_department_id: int | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One child case of a split: what it is about, who leads."""

    title: str
    condition_id: int
    lead: str = ""
    co: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveInput:
    """What a move may bring along; each move needs some of it (see the move table)."""

    reason: str = ""
    text: str = ""
    photo_ids: tuple[int, ...] = ()
    condition_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    area_code: str = ""
    address: str = ""
    lead: str = ""
    co: tuple[str, ...] = ()
    target: str = ""
    until: datetime | None = None
    parts: tuple[Part, ...] = ()
    task_id: int | None = None
    responded: bool | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    closing: str = ""
    urgency: str = ""
    follow_key: str = ""
    version: int | None = None
