"""Person cards: sealed, for a declared purpose, opened on record, erased on their day.

Nothing in the loop needs them. The profile switches them on (elements.toml, [persons]); until
then every call says that there is no such register.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from cityloop.city import key_rings
from cityloop.city.accounts.domain import SYSTEM, Viewer
from cityloop.city.audit.commands import Draft, record, record_many
from cityloop.city.db import allocate_ids, write
from cityloop.city.elements.domain.persons import FIELDS, PersonRules
from cityloop.city.elements.models import PersonCard
from cityloop.city.elements.queries.persons import card_context, person_rules
from cityloop.city.elements.rules import need_card_keeper
from cityloop.city.places import queries as places
from cityloop.city.places.domain import Level
from cityloop.engines.sealing import KeyRing
from cityloop.kernel.errors import DomainError, NotFound


def key_ring() -> KeyRing:
    """The keys of what is sealed here."""
    return key_rings.key_ring("persons")


def keep_person(
    values: Mapping[str, str], *, area_code: str, purpose: str, actor: Viewer, now: datetime
) -> PersonCard:
    """Keep a person for a purpose that the profile declares.

    Args:
        values: name, phone, address, note; sealed as one.
        area_code: the community.
    Raises: NotFound persons.off, place.unknown_code; NotAllowed persons.not_yours;
        DomainError persons.purpose, persons.name, persons.area.
    """
    rules = person_rules()
    area = places.tree().by_code(area_code)
    if area.level is not Level.COMMUNITY:
        raise DomainError(
            "persons.area", f"{area_code} is no community.", f"{area_code} 不是社区。",
            where="area_code",
        )  # fmt: skip
    need_card_keeper(actor, tuple(a.id for a in places.tree().chain(area.id)))
    clean = _clean(values, rules, purpose)
    with write():
        (pk,) = allocate_ids(PersonCard, 1)
        text = msgspec.json.encode(clean).decode()
        card = PersonCard.objects.create(
            pk=pk,
            community_id=area.id,
            purpose=purpose,
            sealed=key_ring().seal(text, context=card_context(pk)),
            kept_until=now + timedelta(days=rules.days),
            created_at=now,
            created_by_id=actor.user_id,
        )
        data = {"purpose": purpose, "community": area.id}
        record(Draft("person.kept", "person", card.pk, data), actor=actor, now=now)
    return card


def _clean(values: Mapping[str, str], rules: PersonRules, purpose: str) -> dict[str, str]:
    rules.check_purpose(purpose)
    clean = {name: str(values.get(name, "")).strip()[:500] for name in FIELDS}
    if not clean["name"]:
        raise DomainError("persons.name", "The name is missing.", "请填写姓名。", where="name")
    return clean


def open_person(card_id: int, *, reason: str, actor: Viewer, now: datetime) -> dict[str, str]:
    """A card in the clear, for a stated reason, on record.

    Raises: NotFound persons.off, persons.unknown; NotAllowed; DomainError("persons.reason").
    """
    person_rules()
    card = _card(card_id, actor)
    if len(reason.strip()) < 4:
        raise DomainError(
            "persons.reason",
            "Say why you open the card (at least four characters).",
            "请填写查看原因（不少于四个字）。",
            where="reason",
        )
    with write():
        draft = Draft("person.opened", "person", card.pk, {}, {"reason": reason.strip()[:500]})
        record(draft, actor=actor, now=now)
    opened: dict[str, str] = msgspec.json.decode(
        key_ring().unseal(card.sealed, context=card_context(card.pk))
    )
    return opened


def erase_person(card_id: int, *, actor: Viewer, now: datetime) -> None:
    """Erase a card before its day. Raises: NotFound, NotAllowed."""
    person_rules()
    card = _card(card_id, actor)
    with write():
        PersonCard.objects.filter(pk=card.pk).update(sealed="")
        record(Draft("person.erased", "person", card.pk), actor=actor, now=now)


def erase_ended(*, now: datetime, limit: int = 1000) -> int:
    """Erase what is past its day, also where the register was switched off since."""
    with write():
        due = PersonCard.objects.filter(kept_until__lte=now).exclude(sealed="")
        ids = list(due.order_by("pk").values_list("pk", flat=True)[:limit])
        if ids:
            PersonCard.objects.filter(pk__in=ids).update(sealed="")
            record_many([Draft("person.erased", "person", pk) for pk in ids], actor=SYSTEM, now=now)
    return len(ids)


def _card(card_id: int, actor: Viewer) -> PersonCard:
    card = PersonCard.objects.filter(pk=card_id).exclude(sealed="").first()
    if card is None:
        raise NotFound("persons.unknown", f"There is no card {card_id}.", f"没有卡片 {card_id}。")
    need_card_keeper(actor, tuple(a.id for a in places.tree().chain(card.community_id)))
    return card
