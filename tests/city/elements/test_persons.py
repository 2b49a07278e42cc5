"""Person cards: off by default; else sealed, masked, opened on record, erased on their day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import COMMUNITIES

from cityloop.city.audit.models import Event
from cityloop.city.elements.commands import persons
from cityloop.city.elements.domain.persons import PersonRules
from cityloop.city.elements.models import PersonCard
from cityloop.city.elements.queries import persons as seen
from cityloop.kernel.errors import DomainError, NotAllowed, NotFound

PERSON = {"name": "王合成", "phone": "13800000001", "address": "和安路1号", "note": "三楼"}


@pytest.fixture
def enabled(world, monkeypatch, settings, tmp_path):
    rules = PersonRules(True, 30, {"care_visit": ("探访", "Visits")})
    for module in (persons, seen):
        monkeypatch.setattr(module, "person_rules", lambda: rules)
    settings.DATA = tmp_path
    return world


def keep(world, who="community", purpose="care_visit"):
    return persons.keep_person(
        PERSON, area_code=COMMUNITIES[0], purpose=purpose, actor=world.viewer(who), now=world.now
    )


def test_the_default_profile_keeps_no_persons(world):
    with pytest.raises(NotFound, match=r"persons\.off"):
        keep(world)


def test_a_card_is_sealed_masked_and_opened_on_record(enabled):
    card, keeper = keep(enabled), enabled.viewer("community")
    row = PersonCard.objects.get()
    assert "合成" not in row.sealed
    (shown,) = seen.persons(keeper, COMMUNITIES[0], ring=persons.key_ring())
    assert "合成" not in shown.name
    assert shown.phone == "138****0001"
    with pytest.raises(DomainError, match=r"persons\.reason"):
        persons.open_person(card.pk, reason="", actor=keeper, now=enabled.now)
    opened = persons.open_person(card.pk, reason="上门探访", actor=keeper, now=enabled.now)
    assert opened == PERSON
    event = Event.objects.get(kind="person.opened")
    assert (event.subject_id, event.actor_id) == (card.pk, keeper.user_id)
    assert "合成" not in event.data


@pytest.mark.parametrize("who", ["system", "worker", "district", "dispatcher", "audit"])
def test_nobody_but_the_communitys_supervisor_touches_cards(enabled, who):
    card = keep(enabled)
    with pytest.raises(NotAllowed, match=r"persons\.not_yours"):
        persons.open_person(card.pk, reason="好奇而已", actor=enabled.viewer(who), now=enabled.now)
    with pytest.raises(NotAllowed):
        keep(enabled, who)


def test_an_undeclared_purpose_is_refused(enabled):
    with pytest.raises(DomainError, match="care_visit"):
        keep(enabled, purpose="watching")


def test_cards_are_erased_on_their_day(enabled):
    card = keep(enabled)
    assert persons.erase_ended(now=enabled.now + timedelta(days=29)) == 0
    assert persons.erase_ended(now=enabled.now + timedelta(days=30)) == 1
    assert PersonCard.objects.get().sealed == ""
    with pytest.raises(NotFound, match=r"persons\.unknown"):
        persons.open_person(
            card.pk, reason="上门探访", actor=enabled.viewer("community"), now=enabled.now
        )
