import io
import json

import pytest
from django.core.management import call_command
from django.db import connection  # noqa: F401  the skipif conditions name it
from trace_samples import NOW, recorded, signed_log, sql

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import erase, erase_subject
from cityloop.city.audit.keys import signing_key
from cityloop.city.audit.models import Checkpoint, Event, Tile
from cityloop.city.audit.queries import entry_of, receipt
from cityloop.city.audit.verification import Verification, verify
from cityloop.engines.ledger import SigningKey, leaf_hash
from cityloop.verify import check

pytestmark = pytest.mark.django_db


def outcome(**kwargs: object) -> Verification:
    return verify(signing_key().verify_key, **kwargs)


def found(result: Verification) -> list[tuple[str, int, int]]:
    return [(f.kind, f.index, f.last) for f in result.comparison.findings]


def test_verify_untouched_trace_is_clean_to_the_last_signed_row():
    signed_log(600, private="李四 13800138000")
    recorded(2)
    result = outcome()
    assert result.is_clean
    assert (result.comparison.rows, result.comparison.proven, result.unplaced) == (600, 600, 2)


def test_verify_altered_row_is_named():
    events = signed_log(300)
    sql("UPDATE audit_event SET data = %s WHERE id = %s", ['{"case":9}', events[270].pk])
    result = outcome()
    assert found(result) == [("altered", 270, 270)]
    assert result.lines == ["row 270: its stored leaf hash is not of its columns"]


@pytest.mark.parametrize("junk", ["not json", "[", '{"a": 1e999}'])
def test_verify_row_with_junk_is_altered_not_a_crash(junk):
    events = signed_log(3)
    sql("UPDATE audit_event SET data = %s WHERE id = %s", [junk, events[1].pk])
    assert found(outcome()) == [("altered", 1, 1)]


def test_verify_data_written_another_way_is_altered():
    events = signed_log(3)
    sql("UPDATE audit_event SET data = %s WHERE id = %s", ['{"case": 2}', events[1].pk])
    assert found(outcome()) == [("altered", 1, 1)]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL columns have types")
@pytest.mark.parametrize(
    "change", ["at = '2026-13-45 99:99:99'", "at = 'junk'", "data = x'ff'", "commitment = 'x'"]
)
def test_verify_row_that_cannot_be_read_is_altered_and_the_others_are_not(change):
    events = signed_log(3)
    sql(f"UPDATE audit_event SET {change} WHERE id = %s", [events[1].pk])
    assert found(outcome()) == [("altered", 1, 1)]


def test_verify_removed_row_is_named():
    events = signed_log(300)
    sql("DELETE FROM audit_event WHERE id = %s", [events[42].pk])
    assert found(outcome()) == [("removed", 42, 42)]


def test_verify_removed_row_with_others_moved_up_is_named():
    events = signed_log(300)
    sql("DELETE FROM audit_event WHERE id = %s", [events[42].pk])
    sql("UPDATE audit_event SET position = -position WHERE position > 42")
    sql("UPDATE audit_event SET position = -position - 1 WHERE position < -42")
    kinds = found(outcome())
    assert ("removed", 42, 42) in kinds
    assert ("reordered", 42, 298) in kinds


def test_verify_swapped_rows_are_reordered():
    events = signed_log(300)
    first, second = events[10].pk, events[20].pk
    sql("UPDATE audit_event SET position = NULL WHERE id = %s", [first])
    sql("UPDATE audit_event SET position = 10 WHERE id = %s", [second])
    sql("UPDATE audit_event SET position = 20 WHERE id = %s", [first])
    assert found(outcome()) == [("reordered", 10, 10), ("reordered", 20, 20)]


def test_verify_rows_and_tiles_rewritten_together_fail_the_signed_root():
    signed_log(5)
    tile = Tile.objects.get()
    sql("UPDATE audit_event SET kind = 'case.close' WHERE position = 2")
    event = Event.objects.get(position=2)
    leaf = leaf_hash(entry_of(event))
    sql("UPDATE audit_event SET leaf_hash = %s WHERE position = 2", [leaf])
    hashes = bytes(tile.hashes)
    Tile.objects.update(hashes=hashes[:64] + leaf + hashes[96:])
    assert found(outcome()) == [("root", 0, 4)]


def test_verify_inserted_row_beyond_the_head_is_named():
    signed_log(3)
    event = recorded(1)[0]
    sql("UPDATE audit_event SET position = 17 WHERE id = %s", [event.pk])
    assert outcome().lines == ["row 17: numbered beyond the end of the log"]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite keeps its inline UNIQUE")
def test_verify_second_row_of_one_number_is_named_also_between_batches(monkeypatch):
    monkeypatch.setattr("cityloop.city.audit.verification.BATCH", 2)
    signed_log(4)
    extra = recorded(1)[0]
    sql("ALTER TABLE audit_event DROP CONSTRAINT audit_event_position_key")
    sql("UPDATE audit_event SET position = 1 WHERE id = %s", [extra.pk])
    assert found(outcome()) == [("inserted", 1, 1)]


def test_verify_changed_private_text_is_named():
    signed_log(3, private="secret")
    sql("UPDATE audit_event SET private = %s WHERE position = 1", ['{"text":"other"}'])
    assert outcome().lines == ["row 1: its private text was changed"]


def test_verify_cut_log_is_shown_by_a_witness():
    signed_log(5)
    note = Checkpoint.objects.get().note
    sql("DELETE FROM audit_event WHERE position >= 3")
    sql("DELETE FROM audit_checkpoint")
    sql("UPDATE audit_ledgerhead SET size = 3")
    assert ("cut", 3, 4) in found(outcome(witnessed=[note]))


def test_verify_other_key_is_not_believed():
    signed_log(2)
    result = verify(SigningKey.new(signing_key().name).verify_key)
    assert not result.is_clean
    assert result.comparison.proven == 0


def test_erase_private_text_is_gone_and_proofs_hold():
    events = signed_log(4, private="王五 13900139000")
    before = receipt(events[1].pk)
    assert erase([events[1].pk], actor=SYSTEM, now=NOW, why="retention") == 1
    erased = Event.objects.get(pk=events[1].pk)
    assert (erased.private, erased.salt) == (None, None)
    assert receipt(erased.pk) == before
    assert check(before, signing_key().verify_key.text)[0] == 0
    result = outcome()
    assert result.is_clean and result.erased == 1


def test_erase_again_finds_nothing_and_records_nothing():
    signed_log(2, private="text")
    assert erase_subject("case", [1, 2], actor=SYSTEM, now=NOW, why="request") == 2
    assert erase_subject("case", [1, 2], actor=SYSTEM, now=NOW, why="request") == 0
    assert json.loads(Event.objects.get(kind="audit.erase").data)["why"] == "request"


def test_command_clean_prints_ok_and_damage_exits_1():
    signed_log(3)
    out = io.StringIO()
    call_command("audit_verify", stdout=out)
    assert "3 rows of 3 entries" in out.getvalue() and "OK" in out.getvalue()
    sql("DELETE FROM audit_event WHERE position = 1")
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", stdout=out)
    assert ended.value.code == 1
    assert "removed" in out.getvalue()
