"""Which model answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cityloop.ai.registry.commands import end, let_in
from cityloop.ai.registry.domain import Mode
from cityloop.ai.triage.models import ModelVersion
from cityloop.ai.triage.queries import forget
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.accounts.rules import need_role
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import NotFound

MAY_APPROVE = (Role.ANALYST, Role.SYSTEM_ADMIN)


def activate_model(model_id: int, *, actor: Viewer, now: datetime) -> ModelVersion:
    """Put a model into service in place of the active one of its kind.

    Raises: NotAllowed, NotFound("triage.no_model").
    """
    need_role(actor, *MAY_APPROVE)
    with write():
        row = locked(model_id)
        ModelVersion.objects.filter(kind=row.kind, active=True).update(active=False)
        row.active, row.approved_by_id = True, actor.user_id
        row.save(update_fields=["active", "approved_by"])
        _trace("model.activated", row, actor, now)
        let_in(**way_of(row), mode=Mode.LIVE, actor=actor, now=now)
    forget()
    return row


def way_of(row: ModelVersion) -> dict[str, Any]:
    """How the registry knows a model."""
    return {
        "kind": row.kind,
        "model": row.label,
        "fingerprint": row.fingerprint,
        "promise": row.accuracy,
    }


def retire_model(model_id: int, *, actor: Viewer, now: datetime) -> ModelVersion:
    """Take a model out of service: texts then wait for a person.

    Raises: NotAllowed, NotFound("triage.no_model").
    """
    need_role(actor, *MAY_APPROVE)
    with write():
        row = locked(model_id)
        row.active = False
        row.save(update_fields=["active"])
        _trace("model.retired", row, actor, now)
        end(row.label, actor=actor, now=now)
    forget()
    return row


def locked(model_id: int) -> ModelVersion:
    """The row, locked until the end of the transaction. Raises: NotFound("triage.no_model")."""
    row = ModelVersion.objects.select_for_update().filter(pk=model_id).first()
    if row is None:
        raise NotFound(
            "triage.no_model",
            f"There is no model with id {model_id}.",
            f"没有编号为 {model_id} 的模型。",
            where="model_id",
        )
    return row


def _trace(kind: str, row: ModelVersion, actor: Viewer, now: datetime) -> None:
    data = {"model": row.label, "fingerprint": row.fingerprint, "texts": row.trained_on}
    record(Draft(kind, "model", row.pk, data), actor=actor, now=now)
