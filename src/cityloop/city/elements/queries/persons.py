"""Person cards as those who keep them see them: masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements.domain.persons import PersonRules
from cityloop.city.elements.models import PersonCard
from cityloop.city.elements.rules import need_card_keeper
from cityloop.city.places import queries as places
from cityloop.city.profile import load_profile
from cityloop.engines.sealing import KeyRing, mask_address, mask_name, mask_phone
from cityloop.kernel.errors import NotFound

MOST = 200


@dataclass(frozen=True, slots=True)
class MaskedCard:
    """What is seen without opening."""

    id: int
    purpose: str
    name: str
    phone: str
    address: str
    kept_until: datetime


def person_rules() -> PersonRules:
    """The profile's rules. Raises: NotFound("persons.off") where there is no such register."""
    rules = PersonRules.read(load_profile().toml("elements.toml").get("persons", {}))
    if not rules.enabled:
        raise NotFound(
            "persons.off",
            "This city keeps no register of persons (profile, elements.toml, [persons]).",
            "本市未启用人员登记（方案 elements.toml 的 [persons]）。",
        )
    return rules


def card_context(card_id: int) -> str:
    """What a sealed card is bound to."""
    return f"person:{card_id}"


def persons(viewer: Viewer, area_code: str, *, ring: KeyRing, after: int = 0) -> list[MaskedCard]:
    """Cards of a community, masked, by id, at most 200.

    Raises: NotFound persons.off, place.unknown_code; NotAllowed("persons.not_yours").
    """
    person_rules()
    area = places.tree().by_code(area_code)
    need_card_keeper(viewer, tuple(a.id for a in places.tree().chain(area.id)))
    cards = PersonCard.objects.filter(community_id=area.id, pk__gt=after).exclude(sealed="")
    return [_masked(card, ring) for card in cards.order_by("pk")[:MOST]]


def _masked(card: PersonCard, ring: KeyRing) -> MaskedCard:
    told = msgspec.json.decode(ring.unseal(card.sealed, context=card_context(card.pk)))
    return MaskedCard(
        card.pk,
        card.purpose,
        mask_name(told["name"]),
        mask_phone(told["phone"]) if told["phone"] else "",
        mask_address(told["address"]) if told["address"] else "",
        card.kept_until,
    )
