import time
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import transaction
from trace_samples import NOW, recorded, signed_log, sql

from cityloop.city.audit.commands import check_ledger, checkpoint, raise_alarm, sequence
from cityloop.city.audit.keys import signing_key
from cityloop.city.audit.models import Checkpoint, Event, LedgerHead, Tile
from cityloop.engines.ledger import MemoryStore, TileLog, verify_checkpoint
from cityloop.kernel.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db


def test_sequence_events_without_place_get_positions_in_id_order():
    events = recorded(5)
    assert sequence(limit=3) == 3
    assert sequence() == 2
    assert sequence() == 0
    assert list(Event.objects.order_by("id").values_list("position", flat=True)) == list(range(5))
    assert LedgerHead.objects.get().size == len(events)


def test_sequence_many_batches_root_is_that_of_all_leaves_in_order():
    signed_log(700)
    leaves = [bytes(e.leaf_hash) for e in Event.objects.order_by("position")]
    plain = TileLog(MemoryStore(), 0)
    plain.append(leaves)
    assert bytes(Checkpoint.objects.get().root) == plain.root()


def test_sequence_late_commit_with_small_id_comes_behind():
    first, second = recorded(2)
    sql("UPDATE audit_event SET position = 0 WHERE id = %s", [second.pk])
    LedgerHead.objects.create(pk=1, size=1)
    Tile.objects.create(level=0, index=0, hashes=bytes(second.leaf_hash))
    sequence()
    assert Event.objects.get(pk=first.pk).position == 1


def test_sequence_failure_half_way_changes_nothing(monkeypatch):
    recorded(3)
    module = import_module("cityloop.city.audit.commands.sequence")
    monkeypatch.setattr(module, "_place", _raise)
    with pytest.raises(RuntimeError), transaction.atomic():
        sequence()
    assert not Tile.objects.exists()
    assert not Event.objects.filter(position__isnull=False).exists()


def _raise(*_: object) -> None:
    raise RuntimeError("power cut")


def test_sequence_damaged_edge_tile_refuses_to_append():
    signed_log(3)
    recorded(1)
    Tile.objects.update(hashes=b"")
    with pytest.raises(DomainError) as refused:
        sequence()
    assert refused.value.code == "ledger.tile_short"


def test_checkpoint_within_a_second_waits_then_signs():
    recorded(1)
    sequence()
    first = checkpoint(now=NOW)
    recorded(1)
    sequence()
    assert checkpoint(now=NOW + timedelta(seconds=0.9)) is None
    second = checkpoint(now=NOW + timedelta(seconds=1))
    assert first is not None and second is not None
    assert (first.size, second.size) == (1, 2)
    assert checkpoint(now=NOW + timedelta(seconds=9)) is None
    assert verify_checkpoint(second.note, signing_key().verify_key).size == 2


def test_check_ledger_sound_log_passes():
    check_ledger()
    signed_log(300)
    recorded(2)
    sequence()
    check_ledger()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("UPDATE audit_ledgerhead SET size = 299", "ledger.head_differs"),
        ("UPDATE audit_event SET position = NULL WHERE position = 299", "ledger.head_differs"),
        ("UPDATE audit_ledgerhead SET public_key = 'x+1+2'", "ledger.key_changed"),
        ("DELETE FROM audit_tile WHERE level = 0", "ledger.tile_missing"),
    ],
)
def test_check_ledger_damage_is_refused(damage, code):
    signed_log(300)
    sql(damage)
    with pytest.raises(DomainError) as refused:
        check_ledger()
    assert refused.value.code == code


def test_check_ledger_rewritten_tile_is_refused():
    signed_log(300)
    tile = Tile.objects.get(level=0, index=1)
    Tile.objects.filter(pk=tile.pk).update(hashes=bytes(32) + bytes(tile.hashes)[32:])
    with pytest.raises(Conflict) as refused:
        check_ledger()
    assert refused.value.code == "ledger.root_differs"


def test_raise_alarm_twice_is_one_event():
    error = Conflict("ledger.root_differs", "x")
    raise_alarm(error, now=NOW)
    raise_alarm(error, now=NOW)
    assert Event.objects.filter(kind="ledger.alarm").count() == 1


def test_sequence_ten_thousand_events_all_placed_and_signed(capsys):
    recorded(10_000)
    started = time.perf_counter()
    while sequence():
        pass
    rate = 10_000 / (time.perf_counter() - started)
    checkpoint(now=NOW)
    check_ledger()
    assert LedgerHead.objects.get().size == 10_000
    with capsys.disabled():
        print(f" [{rate:.0f} events/s sequenced]", end="")
