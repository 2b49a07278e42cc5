"""Letting models in, and noting what becomes of their answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from cityloop.ai.registry.domain import Answer, Mode, Verdict, verdict
from cityloop.ai.registry.models import Answered, DayRecord, Rollout
from cityloop.ai.registry.queries import tally_of
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import DomainError

CLASS = "class:"


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


def note_answers(kind: str, answers: Iterable[Answer]) -> None:
    """Count how answers stand now; what was counted of them before is taken back.

    Told twice, or in another order of the same cases, the day records are the same. Costs what
    is told, whatever has been told before.
    """
    told = {(a.case_id, a.shadow): a for a in answers}
    with write():
        rows = Answered.objects.filter(case_id__in={case for case, _ in told})
        known = {(r.case_id, r.shadow): r for r in rows}
        change: dict[tuple[str, date, bool], Counter[str]] = defaultdict(Counter)
        for place, answer in told.items():
            if place in known:
                change[_record(known[place])].subtract(_counts(known[place]))
            change[_record(answer)].update(_counts(answer))
        for place, counts in change.items():
            _add(kind, place, counts)
        Answered.objects.bulk_create(
            [_row(answer) for answer in told.values()],
            update_conflicts=True,
            unique_fields=["case_id", "shadow"],
            update_fields=["model", "day", "class_key", "accepted", "judged", "right"],
            batch_size=100,
        )


def forget_answers(*, before: date) -> int:
    """Delete how single answers stood once nobody judges them any more; the day records stay."""
    count, _ = Answered.objects.filter(day__lt=before).delete()
    return count


def _record(one: Answer | Answered) -> tuple[str, date, bool]:
    return one.model, one.day, one.shadow


def _row(answer: Answer) -> Answered:
    return Answered(**asdict(answer))


def _counts(one: Answer | Answered) -> Counter[str]:
    """Columns of the day record by name, and classes by CLASS + key."""
    names = ("accepted", "judged", "right")
    counts = Counter({name: int(getattr(one, name)) for name in names})
    return counts + Counter({"answered": 1, CLASS + one.class_key: 1})


def _add(kind: str, place: tuple[str, date, bool], counts: Counter[str]) -> None:
    changed = {name: count for name, count in counts.items() if count}
    if not changed:
        return
    model, day, shadow = place
    row, _ = DayRecord.objects.select_for_update().get_or_create(
        model=model, day=day, shadow=shadow, defaults={"kind": kind}
    )
    for name, count in changed.items():
        if name.startswith(CLASS):
            key = name.removeprefix(CLASS)
            row.classes[key] = row.classes.get(key, 0) + count
        else:
            setattr(row, name, max(0, getattr(row, name) + count))
    row.classes = {key: count for key, count in row.classes.items() if count > 0}
    row.save()


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
