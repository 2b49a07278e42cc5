"""Letting models in, and noting what becomes of their answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from cityloop.ai.registry.domain import Mode, Tally, Verdict, verdict
from cityloop.ai.registry.models import DayRecord, Rollout
from cityloop.ai.registry.queries import tally_of
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import DomainError


def let_in(
    *,
    kind: str,
    model: str,
    fingerprint: str,
    mode: Mode,
    promise: float,
    share: float = 0.0,
    actor: Viewer,
    now: datetime,
    why: tuple[str, str] = ("", ""),
) -> Rollout:
    """Set how far a model is let in; who may is the caller's rule.

    LIVE ends the roll-outs of all other models of its kind, SHADOW and SHARE those of other
    candidates: at most one model is in service and one on its way.
    Raises: DomainError("registry.share").
    """
    if mode is Mode.SHARE and not 0 < share <= 1:
        raise DomainError(
            "registry.share",
            f"share {share!r} cannot be; give the part of the reports, above 0 and up to 1.",
            f"灰度比例 {share!r} 不合法，应大于 0 且不超过 1。",
            where="share",
        )
    with write():
        rows = Rollout.objects.filter(kind=kind, ended_at__isnull=True)
        if mode is Mode.LIVE:
            rows.update(ended_at=now)
        else:
            waiting = rows.filter(mode__in=[Mode.SHADOW, Mode.SHARE])
            waiting.update(ended_at=now)
            rows.filter(model=model).update(ended_at=now)
        row = Rollout.objects.create(
            kind=kind, model=model, fingerprint=fingerprint, mode=mode, promise=promise,
            share=share if mode is Mode.SHARE else 0.0, begun_at=now, approved_by_id=actor.user_id,
            why_zh=why[0][:300], why_en=why[1][:300],
        )  # fmt: skip
        data = {"model": model, "mode": mode.value, "share": row.share, "promise": promise}
        record(Draft("model.let_in", "rollout", row.pk, data), actor=actor, now=now)
    return row


def end(model: str, *, actor: Viewer, now: datetime) -> int:
    """Take a model out, whatever its mode."""
    with write():
        rows = Rollout.objects.filter(model=model, ended_at__isnull=True)
        ids = list(rows.values_list("pk", flat=True))
        rows.update(ended_at=now)
        for pk in ids:
            record(Draft("model.ended", "rollout", pk, {"model": model}), actor=actor, now=now)
    return len(ids)


def note_days(kind: str, days: Iterable[tuple[str, date, bool, Tally]], *, now: datetime) -> None:
    """(model, day, shadow, tally): replaces what was noted of these days."""
    with write():
        for model, day, shadow, tally in days:
            DayRecord.objects.update_or_create(
                model=model, day=day, shadow=shadow,
                defaults={
                    "kind": kind, "answered": tally.answered, "accepted": tally.accepted,
                    "judged": tally.judged, "right": tally.right,
                    "classes": dict(tally.classes or {}),
                },
            )  # fmt: skip


def keep_promises(*, actor: Viewer, now: datetime, today: date) -> list[tuple[str, Verdict]]:
    """Stop every model whose measured accuracy lies under its promise; returns those stopped.

    It goes on suggesting; a person decides. It is let in again by a person.
    """
    stopped = []
    open_ones = Rollout.objects.filter(ended_at__isnull=True, mode__in=[Mode.LIVE, Mode.SHARE])
    for row in list(open_ones):
        since = max(0, (today - row.begun_at.date()).days)
        found = verdict(tally_of(row.model, today=today, days=min(28, since + 1)), row.promise)
        if found.stop:
            with write():
                Rollout.objects.filter(pk=row.pk).update(ended_at=now)
                Rollout.objects.create(
                    kind=row.kind, model=row.model, fingerprint=row.fingerprint,
                    mode=Mode.STOPPED, promise=row.promise, begun_at=now,
                    why_zh=found.zh[:300], why_en=found.en[:300],
                )  # fmt: skip
                data = {"model": row.model, "promise": row.promise, "high": found.high}
                record(Draft("model.stopped", "rollout", row.pk, data), actor=actor, now=now)
            stopped.append((row.model, found))
    return stopped
