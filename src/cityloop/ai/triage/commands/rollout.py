"""A model on its way into service, and the way back."""

from __future__ import annotations

from datetime import datetime

from cityloop.ai.registry.commands import let_in
from cityloop.ai.registry.domain import Mode
from cityloop.ai.registry.models import Rollout
from cityloop.ai.registry.queries import live_before
from cityloop.ai.triage.commands.activation import (
    MAY_APPROVE,
    activate_model,
    locked,
    way_of,
)
from cityloop.ai.triage.models import ModelVersion
from cityloop.ai.triage.queries import forget
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.rules import need_role
from cityloop.city.db import write
from cityloop.kernel.errors import DomainError

WAYS = (Mode.SHADOW, Mode.SHARE)


def roll_out(
    model_id: int, *, mode: Mode, share: float = 0.0, actor: Viewer, now: datetime
) -> Rollout:
    """Watch a model beside the active one (shadow), or let it answer for a share of the texts.

    Raises: NotAllowed, NotFound("triage.no_model"), DomainError("registry.share" |
        "triage.is_active" | "triage.mode").
    """
    need_role(actor, *MAY_APPROVE)
    with write():
        row = locked(model_id)
        if mode not in WAYS:
            raise DomainError(
                "triage.mode",
                f"mode {mode.value!r} is set by activating or retiring; here shadow or share.",
                f"“{mode.value}”由启用或停用设置，此处只能选 shadow（影子）或 share（灰度）。",
                where="mode",
            )
        if row.active:
            raise DomainError(
                "triage.is_active",
                f"{row.label} is in service already; watch or share another model.",
                f"{row.label} 已在使用，请选择其他模型做影子或灰度运行。",
                where="model_id",
            )
        found = let_in(**way_of(row), mode=mode, share=share, actor=actor, now=now)
    forget()
    return found


def roll_back(kind: str, *, actor: Viewer, now: datetime) -> ModelVersion:
    """Put the model that was in service before back, in one call.

    Raises: NotAllowed, DomainError("triage.nothing_before").
    """
    need_role(actor, *MAY_APPROVE)
    active = ModelVersion.objects.filter(kind=kind, active=True).first()
    before = live_before(kind, besides=active.label if active else "")
    number = int(before.rpartition("-")[2]) if before else 0
    row = ModelVersion.objects.filter(kind=kind, number=number).first()
    if row is None:
        raise DomainError(
            "triage.nothing_before",
            f"No other model of kind {kind!r} was in service before.",
            f"“{kind}”此前没有启用过其他模型，无法回退。",
            where="kind",
        )
    return activate_model(row.pk, actor=actor, now=now)
