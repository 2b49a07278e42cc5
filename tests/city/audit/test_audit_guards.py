import pytest
from django.db import DatabaseError, connection, transaction
from trace_samples import NOW, recorded, signed_log, sql

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import checkpoint, erase, sequence
from cityloop.city.audit.guards import install, is_test_database
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import Conflict

pytestmark = pytest.mark.django_db


def test_model_update_delete_save_are_refused():
    event = recorded(1)[0]
    for change in (
        lambda: Event.objects.update(kind="x"),
        lambda: Event.objects.all().delete(),
        lambda: Event.objects.get().save(),
        lambda: Event.objects.bulk_update([event], ["kind"]),
        lambda: Event.objects.get().delete(),
    ):
        with pytest.raises(Conflict) as refused, transaction.atomic():
            change()
        assert refused.value.code == "audit.append_only"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET data = '{}'",
        "UPDATE audit_event SET leaf_hash = salt",
        "UPDATE audit_event SET position = position + 100",
        "UPDATE audit_event SET private = 'other'",
        "DELETE FROM audit_event",
        "UPDATE audit_checkpoint SET size = 7",
        "DELETE FROM audit_checkpoint",
    ],
)
def test_guarded_database_change_is_refused(statement):
    install(connection)
    signed_log(2, private="text")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        sql(statement)


def test_guarded_database_normal_work_goes_on():
    install(connection)
    install(connection)
    events = recorded(3, private="text")
    sequence()
    checkpoint(now=NOW)
    assert erase([e.pk for e in events], actor=SYSTEM, now=NOW, why="retention") == 3


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_guarded_postgresql_truncate_is_refused():
    install(connection)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        sql("TRUNCATE audit_event")


def test_is_test_database_here_is_true():
    assert is_test_database(connection)
