"""The database itself refuses to change the trace: triggers on both databases.

They are hygiene against mistakes and against a stolen application password; whoever owns the
database can drop them, which is why the evidence is the ledger and those who hold its checkpoints.

Installed after every `migrate` (also after one that rebuilt the table), except in test databases:
the flush between tests deletes rows. Tests of the guards install them in their own transaction.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

CONTENT = (
    "id",
    "at",
    "kind",
    "subject_type",
    "subject_id",
    "actor_kind",
    "actor_id",
    "data",
    "commitment",
    "leaf_hash",
)
REFUSAL = "audit.append_only: the trace may not be changed or deleted"


def _changed(differs: str) -> str:
    """SQL: is this more than giving a position once, or erasing private text and salt?"""
    content = [f"NEW.{c} {differs} OLD.{c}" for c in CONTENT]
    once = f"(OLD.position IS NOT NULL AND NEW.position {differs} OLD.position)"
    erased = [f"(NEW.{c} IS NOT NULL AND NEW.{c} {differs} OLD.{c})" for c in ("private", "salt")]
    return " OR ".join([*content, once, *erased])


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    when = _changed("IS NOT")
    rules = [
        ("event_no_update", f"BEFORE UPDATE ON audit_event WHEN {when}"),
        ("event_no_delete", "BEFORE DELETE ON audit_event"),
        ("checkpoint_no_update", "BEFORE UPDATE ON audit_checkpoint"),
        ("checkpoint_no_delete", "BEFORE DELETE ON audit_checkpoint"),
    ]
    made = []
    for name, rule in rules:
        made += [
            f"DROP TRIGGER IF EXISTS audit_{name}",
            f"CREATE TRIGGER audit_{name} {rule} {refuse}",
        ]
    return made


def _postgresql() -> list[str]:
    body = f"BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'raise_exception'; END"
    refuse = "EXECUTE FUNCTION audit_refuse()"
    when = _changed("IS DISTINCT FROM")
    rows = "FOR EACH ROW"
    rules = [
        ("event_no_update", "audit_event", "UPDATE", f"{rows} WHEN ({when})"),
        ("event_no_delete", "audit_event", "DELETE", rows),
        ("event_no_truncate", "audit_event", "TRUNCATE", "FOR EACH STATEMENT"),
        ("checkpoint_no_update", "audit_checkpoint", "UPDATE", rows),
        ("checkpoint_no_delete", "audit_checkpoint", "DELETE", rows),
        ("checkpoint_no_truncate", "audit_checkpoint", "TRUNCATE", "FOR EACH STATEMENT"),
    ]
    made = [
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ {body} $$"
    ]
    for name, table, action, how in rules:
        made += [
            f"DROP TRIGGER IF EXISTS audit_{name} ON {table}",
            f"CREATE TRIGGER audit_{name} BEFORE {action} ON {table} {how} {refuse}",
        ]
    return made


STATEMENTS = {"sqlite": _sqlite, "postgresql": _postgresql}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; safe to repeat."""
    with connection.cursor() as cursor:
        for statement in STATEMENTS[connection.vendor]():
            cursor.execute(statement)


def is_test_database(connection: BaseDatabaseWrapper) -> bool:
    """Whether this is a database that the test runner made."""
    name = str(connection.settings_dict["NAME"])
    return "mode=memory" in name or name == ":memory:" or PurePath(name).name.startswith("test_")


def install_after_migrate(*, using: str, **_: Any) -> None:
    """Receiver of post_migrate."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    if not is_test_database(connection) and "audit_event" in tables:
        install(connection)
