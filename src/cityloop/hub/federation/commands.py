"""POST requests: another system's or app's request becomes a report of the loop."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cityloop.business.cases.commands import receive
from cityloop.business.cases.domain.values import NewReport, NewReporter
from cityloop.business.catalogue.queries import ClassInfo
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import viewer_of_token
from cityloop.hub.federation.domain.asked import read_location
from cityloop.hub.federation.domain.public_text import LONGEST
from cityloop.hub.federation.queries import CHANNEL
from cityloop.hub.federation.services import (
    CONDITION,
    UNSURE,
    chosen_condition,
    find_service,
    notice,
)
from cityloop.kernel.errors import DomainError, NotAllowed

SCOPE = "open311:write"
_KEY = re.compile(r"[A-Za-z0-9._-]{1,80}")


@dataclass(frozen=True, slots=True)
class Posted:
    """What a POST is answered with."""

    number: str
    token: str
    created: bool
    notice: str | None


def sender_of(api_key: str, *, now: datetime) -> Viewer:
    """Who posts: the user of a token with the scope open311:write.

    Raises: NotAllowed("open311.api_key"), always 403, as GeoReport v2 wants it.
    """
    if not api_key:
        raise _bad_key("api_key is missing.", "缺少 api_key。")
    try:
        viewer = viewer_of_token(api_key, now=now)
    except NotAllowed as error:
        raise _bad_key(error.en, error.zh) from error
    if not viewer.may_use(SCOPE):
        raise _bad_key(f"This api_key lacks the scope {SCOPE}.", f"该 api_key 没有 {SCOPE} 权限。")
    return viewer


def post_request(
    given: Mapping[str, str],
    attributes: Mapping[str, list[str]],
    *,
    idempotency_key: str = "",
    language: str = "zh",
    actor: Viewer,
    now: datetime,
) -> Posted:
    """Take in a request.

    Args:
        given: parameters of GeoReport v2, first value of each.
        idempotency_key: the sender's own id of this request: a second POST with it is answered
            with the first request.
    Raises: NotFound("open311.service"), DomainError("open311.service_missing" |
        "open311.location" | "open311.description" | "open311.media" | ...).
    """
    code = given.get("service_code", "").strip()
    if not code:
        raise DomainError(
            "open311.service_missing",
            "service_code was not provided. See GET services.",
            "缺少 service_code，请参见 GET services。",
            where="service_code",
        )
    _check_characters(given, attributes)
    cls = find_service(code)
    report = _report(given, attributes, code, cls, _external_id(idempotency_key, actor))
    # The scope of this door stands for the scope of the loop's own.
    sender = replace(actor, scopes=frozenset({"reports:write", *(actor.scopes or ())}))
    receipt = receive(report, actor=sender, now=now)
    default = next((c for c in cls.conditions if c.is_default), None) if cls else None
    promised = notice(default.limit if default else None, language)
    return Posted(receipt.number, report.external_id, receipt.created, promised)


def _report(
    given: Mapping[str, str],
    attributes: Mapping[str, list[str]],
    code: str,
    cls: ClassInfo | None,
    external_id: str,
) -> NewReport:
    point = read_location(given.get("lat", ""), given.get("long", ""))
    address, address_id = given.get("address_string", ""), given.get("address_id", "").strip()
    if point is None and not address.strip() and not address_id:
        raise DomainError(
            "open311.location",
            "A location is needed: lat and long, or address_string, or address_id.",
            "须提供位置：lat 与 long，或 address_string，或 address_id。",
            where="location",
        )
    chosen = chosen_condition(cls, attributes.get(CONDITION, []))
    text = _description(given)
    if chosen:
        text = f"{text}\n（所选情形：{chosen[1]}）".strip()
    return NewReport(
        channel=CHANNEL,
        external_id=external_id,
        title="" if text else (cls.name_zh if cls else ""),
        text=text,
        lon=point[0] if point else None,
        lat=point[1] if point else None,
        address=address,
        area_code=address_id,
        class_key="" if code == UNSURE else code,
        condition_seq=chosen[0] if chosen else None,
        reporter=_reporter(given),
        extra=_extra(given, attributes, chosen),
    )


def _description(given: Mapping[str, str]) -> str:
    text = given.get("description", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise DomainError(
            "open311.description",
            f"description has {len(text):,} characters; at most {LONGEST:,} are allowed.",
            f"description 共 {len(text):,} 字，最多 {LONGEST:,} 字。",
            where="description",
        )
    return text


def _reporter(given: Mapping[str, str]) -> NewReporter | None:
    """Everything that names the person goes here, sealed."""
    last, first = given.get("last_name", "").strip(), given.get("first_name", "").strip()
    name = f"{first} {last}".strip() if (first + last).isascii() else last + first
    contact = [given.get("email", "").strip()]
    contact += [f"{k}: {v}" for k in ("account_id", "device_id") if (v := given.get(k, "").strip())]
    told = "; ".join(part for part in contact if part)
    phone = given.get("phone", "").strip()
    return NewReporter(name=name, phone=phone, contact=told) if name or phone or told else None


def _extra(
    given: Mapping[str, str],
    attributes: Mapping[str, list[str]],
    chosen: tuple[int, str] | None,
) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    media = given.get("media_url", "").strip()
    if media:
        if not re.fullmatch(r"https?://[^\s<>\"']{1,1000}", media):
            raise DomainError(
                "open311.media",
                "media_url must be an http or https address of up to 1,000 characters.",
                "media_url 应为 http 或 https 地址，最多 1000 个字符。",
                where="media_url",
            )
        extra["media_url"] = media
    if chosen:
        extra["condition"] = chosen[0]
    others = {k: v for k, v in attributes.items() if k != CONDITION or not chosen}
    if others:
        extra["attributes"] = others
    return extra


def _check_characters(given: Mapping[str, str], attributes: Mapping[str, list[str]]) -> None:
    said = [*given.items(), *((f"attribute[{k}]", v) for k, vs in attributes.items() for v in vs)]
    wrong = next((name for name, value in said if "\0" in f"{name}{value}"), None)
    if wrong is not None:
        raise DomainError(
            "open311.characters",
            f"{wrong[:60]!r} holds the character NUL. Take it out.",
            f"{wrong[:60]!r} 含 NUL 字符，请删除。",
            where=wrong[:60],
        )


def _external_id(key: str, actor: Viewer) -> str:
    if not key:
        return uuid.uuid4().hex
    if not _KEY.fullmatch(key):
        raise DomainError(
            "open311.idempotency_key",
            "Idempotency-Key must be 1 to 80 of A-Z a-z 0-9 . _ -",
            "Idempotency-Key 应为 1 至 80 位字母、数字或 . _ -",
            where="Idempotency-Key",
        )
    return f"{actor.user_id}-{key}"


def _bad_key(en: str, zh: str) -> NotAllowed:
    return NotAllowed(
        "open311.api_key",
        f"{en} Send a token with the scope {SCOPE} as api_key.",
        f"{zh}请以含 {SCOPE} 权限的令牌作为 api_key。",
        where="api_key",
    )
