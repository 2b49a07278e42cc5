"""Cases as the public sees them through Open311."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from cityloop.business.cases.domain import FINAL_STATES, STATE_NAMES, State
from cityloop.business.cases.queries import cases_of
from cityloop.business.catalogue.queries import condition_info
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.places.domain import AreaTree
from cityloop.city.places.queries import tree
from cityloop.hub.federation.domain.asked import Asked
from cityloop.hub.federation.domain.public_place import is_hidden, rough_place
from cityloop.hub.federation.domain.public_text import public_text
from cityloop.hub.federation.profile import Open311Profile, open311_profile
from cityloop.hub.federation.services import UNSURE, notice, unsure_name, word
from cityloop.kernel.errors import NotFound

CLOSED = frozenset({State.CLOSED, *FINAL_STATES})
_CLOSED_Q = Q(state__in=sorted(s.value for s in CLOSED))
CHANNEL = "open311"


@dataclass(frozen=True, slots=True)
class Look:
    """What a whole answer has in common: the city's choices, its areas, the language."""

    profile: Open311Profile
    areas: AreaTree
    language: str


def _public(profile: Open311Profile) -> Any:
    """Confidential cases are not there at all."""
    rows = cases_of(SYSTEM).filter(confidential=False)
    rows = rows.filter(channel__in=profile.channels) if profile.channels else rows
    related = ("case_class", "lead_department", "merged_into")
    return rows.select_related(*related).prefetch_related("reports")


def requests_of(wanted: Asked, language: str) -> list[dict[str, Any]]:
    """GET requests: newest first, at most 1,000."""
    profile = open311_profile()
    rows = _public(profile).filter(_filter(wanted)).order_by("-received_at", "-pk")
    first = (wanted.page - 1) * wanted.page_size
    look = Look(profile, tree(), language)
    return [_shown(c, look) for c in rows[first : first + wanted.page_size]]


def request_of(number: str, language: str) -> list[dict[str, Any]]:
    """GET requests/{id}. Raises: NotFound("open311.request")."""
    profile = open311_profile()
    case = _public(profile).filter(number=number).first() if "\0" not in number else None
    if case is None:
        raise NotFound(
            "open311.request",
            f"service_request_id '{number[:40]}' was not found.",
            f"没有编号为“{number[:40]}”的诉求。",
            where="service_request_id",
        )
    return [_shown(case, Look(profile, tree(), language))]


def number_of_token(token: str) -> str:
    """The request behind the token of a POST. Raises: NotFound("open311.token")."""
    found = None
    if "\0" not in token:
        mine = cases_of(SYSTEM).filter(confidential=False, reports__channel=CHANNEL)
        found = mine.filter(reports__external_id=token).values_list("number", flat=True).first()
    if found is None:
        raise NotFound(
            "open311.token",
            f"token '{token[:60]}' was not found.",
            f"没有令牌“{token[:60]}”对应的诉求。",
            where="token",
        )
    return str(found)


def _filter(wanted: Asked) -> Q:
    if wanted.ids:
        return Q(number__in=[i for i in wanted.ids if "\0" not in i])
    chosen = Q(received_at__gte=wanted.start, received_at__lte=wanted.end)
    if wanted.codes:
        named = Q(case_class__key__in=[c for c in wanted.codes if "\0" not in c])
        chosen &= named | Q(case_class__isnull=True) if UNSURE in wanted.codes else named
    if len(set(wanted.statuses)) == 1:
        chosen &= _CLOSED_Q if "closed" in wanted.statuses else ~_CLOSED_Q
    if wanted.updated_after:
        chosen &= Q(stage_started_at__gte=wanted.updated_after)
    if wanted.updated_before:
        chosen &= Q(stage_started_at__lte=wanted.updated_before)
    return chosen


def _shown(case: Any, look: Look) -> dict[str, Any]:
    profile, language = look.profile, look.language
    cls, department = case.case_class, case.lead_department
    state, hidden = State(case.state), is_hidden(cls.key if cls else "", profile.hides)
    condition = condition_info(case.condition_id) if case.condition_id else None
    ended = case.closed_at or case.ended_at
    updated = ended if state in CLOSED and ended else case.stage_started_at
    return {
        "service_request_id": case.number,
        "status": "closed" if state in CLOSED else "open",
        "status_notes": _notes(case, state, language, hidden=hidden),
        "service_name": word(cls.name_zh, cls.name_en, language) if cls else unsure_name(language),
        "service_code": cls.key if cls else UNSURE,
        "description": None if hidden else _description(case, profile),
        "agency_responsible": word(department.name_zh, department.name_en, language)
        if department
        else None,
        "service_notice": notice(condition.limit if condition else None, language),
        "requested_datetime": w3(case.received_at),
        "updated_datetime": w3(updated),
        "expected_datetime": w3(case.handle_due_at) if case.handle_due_at else None,
        **_place(case, look, hidden=hidden),
        "zipcode": None,
        "media_url": _media(case) if profile.media and not hidden else None,
    }


def _place(case: Any, look: Look, *, hidden: bool) -> dict[str, Any]:
    """Where it is: by the community alone where it may be somebody's home."""
    area = look.areas.find((None if hidden else case.cell_id) or case.community_id)
    shown: dict[str, Any] = {"address": None, "address_id": area.code if area else None}
    lon = lat = None
    if not hidden:
        shown["address"] = public_text(case.address) or None
        lon, lat = case.lon, case.lat
        if lon is not None and look.profile.places == "rough":
            lon, lat = rough_place(lon, lat)
    return {**shown, "lat": lat, "long": lon}


def _notes(case: Any, state: State, language: str, *, hidden: bool) -> str:
    parts = [word(*STATE_NAMES[state], language)]
    if state is State.MERGED and case.merged_into is not None:
        zh, en = f"并入 {case.merged_into.number}", f"joined to {case.merged_into.number}"
        parts.append(word(zh, en, language))
    if case.closing_note and not hidden:
        parts.append(public_text(case.closing_note))
    return "；".join(parts) if language.startswith("zh") else "; ".join(parts)


def _description(case: Any, profile: Open311Profile) -> str | None:
    if profile.text == "none":
        return None
    first = min(case.reports.all(), key=lambda r: r.pk, default=None)
    if profile.text == "title" or first is None:
        return public_text(case.title) or None
    said = "\n".join(part for part in (first.title, first.text) if part)
    return public_text(said) or None


def _media(case: Any) -> str | None:
    links = [r.extra.get("media_url") for r in case.reports.all() if r.extra.get("media_url")]
    return str(links[0]) if links else None


def w3(moment: datetime) -> str:
    """A moment in the city's zone, W3C form."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat(timespec="seconds")
