"""One move on many cases: each in its own transaction, each with its own answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cityloop.business.cases.commands.move import move
from cityloop.business.cases.domain import MOVES, State
from cityloop.business.cases.domain.moves import Scope
from cityloop.business.cases.lists import cases_of
from cityloop.business.cases.models import BulkMove, Case
from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict, DomainError, NotFound

MOST = 200
KEPT = timedelta(days=7)
# These say something about one case alone: its place, its parts, its reporter's answer.
ONE_BY_ONE = frozenset({"relocate", "split", "withdraw", "rate"})
BULK = tuple(
    m.name for m in MOVES.values() if m.scope is not Scope.MACHINE and m.name not in ONE_BY_ONE
)


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one case. `before`: the same request, sent earlier, had moved it."""

    number: str
    state: str | None = None
    version: int | None = None
    before: bool = False
    problem: DomainError | None = None


def move_many(
    numbers: Sequence[str], name: str, *, key: str, actor: Viewer, now: datetime, **given: Any
) -> list[Moved]:
    """Make one move on many cases.

    Args:
        numbers: 1 to 200 case numbers; one that stands twice is moved once.
        key: of this request, chosen by the client. Sent again it moves what was not moved yet.
        given: fields of MoveInput, the same for all.
    Returns: a row a number, in order; a refused case keeps nothing else from being moved.
    Raises: DomainError("bulk.move", "bulk.size"), Conflict("bulk.key_used").
    """
    numbers = list(dict.fromkeys(numbers))
    _check(numbers, name)
    _check_key(key, name, actor, now)
    known = {c.number: c for c in cases_of(actor).filter(number__in=numbers)}
    done = dict(
        BulkMove.objects.filter(actor_id=actor.user_id or 0, key=key).values_list(
            "case_id", "version"
        )
    )
    rows = []
    for number in numbers:
        case = known.get(number)
        if case is None:
            rows.append(Moved(number, problem=_unknown(number)))
        elif case.pk in done:
            rows.append(Moved(number, case.state, done[case.pk], before=True))
        else:
            rows.append(_one(case, name, key=key, actor=actor, now=now, given=given))
    return rows


def _one(
    case: Case, name: str, *, key: str, actor: Viewer, now: datetime, given: dict[str, Any]
) -> Moved:
    try:
        with write():
            after = move(case.pk, name, actor=actor, now=now, **given)
            BulkMove.objects.create(
                actor_id=actor.user_id or 0,
                key=key,
                move=name,
                case_id=case.pk,
                version=after.version,
                at=now,
            )
    except DomainError as error:
        return Moved(case.number, case.state, case.version, problem=error)
    return Moved(case.number, State(after.state).value, after.version)


def _check(numbers: Sequence[str], name: str) -> None:
    if name not in BULK:
        raise DomainError(
            "bulk.move",
            f"'{name[:40]}' is not made on many cases at once; possible: {', '.join(BULK)}.",
            f"“{name[:40]}”不能批量办理，可批量办理的有：{'、'.join(BULK)}。",
            where="move",
        )
    if not 1 <= len(numbers) <= MOST:
        raise DomainError(
            "bulk.size",
            f"{len(numbers)} cases were named; 1 to {MOST} are moved at once. Send the rest after.",
            f"共选择 {len(numbers)} 件，每次可批量办理 1 至 {MOST} 件，请分批提交。",
            where="numbers",
        )


def _check_key(key: str, name: str, actor: Viewer, now: datetime) -> None:
    mine = BulkMove.objects.filter(actor_id=actor.user_id or 0)
    other = mine.filter(key=key).exclude(move=name).values_list("move", flat=True).first()
    if other is not None:
        raise Conflict(
            "bulk.key_used",
            f"The key '{key[:20]}' belongs to a request for '{other}'. Use a new key.",
            f"请求标识“{key[:20]}”已用于“{other}”，请使用新的标识。",
            where="key",
        )
    mine.filter(at__lt=now - KEPT).delete()


def _unknown(number: str) -> NotFound:
    return NotFound(
        "case.unknown",
        f"There is no case '{number[:40]}', or you may not know of it.",
        f"没有案卷“{number[:40]}”，或您无权查看。",
        where="numbers",
    )
