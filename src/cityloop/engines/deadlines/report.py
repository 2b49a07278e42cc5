"""Verdicts on deadlines for whole columns: in time, overdue, excluded."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cityloop.kernel.errors import DomainError

Instants = NDArray[np.datetime64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One flag per row, all of shape (rows,).

    `counted_on_time`, `overdue_finished`, `overdue_pending`, `running` and `excluded` divide the
    rows: each row is in exactly one of them. The other two cut across.

    on_time: finished by the deadline, or exempt (the definition of the indicator).
    counted_on_time: finished by the deadline and not excluded: the numerator of on-time rates.
    overdue_finished: finished after the deadline, not exempt.
    overdue_pending: open, deadline passed, neither exempt nor suspended.
    running: open and still in time.
    excluded: exempt, or open and suspended; shown on their own, in no numerator.
    was_overdue: late but exempt, e.g. by a granted appeal; stays visible.
    """

    on_time: Flags
    counted_on_time: Flags
    overdue_finished: Flags
    overdue_pending: Flags
    running: Flags
    excluded: Flags
    was_overdue: Flags

    def counts(self) -> dict[str, int]:
        """Rows per verdict."""
        return {f.name: int(np.count_nonzero(getattr(self, f.name))) for f in fields(self)}


def verdicts(
    due: Instants,
    finished: Instants,
    *,
    now: datetime,
    exempt: ArrayLike = False,
    suspended: ArrayLike = False,
) -> Verdicts:
    """What to say of each row at `now`.

    Args:
        due: deadline, UTC datetime64, shape (rows,); NaT = no deadline (a standing clock).
        finished: when it was finished, UTC datetime64, shape (rows,); NaT = open.
        now: aware; rows finished later than now count as finished.
        exempt: granted appeal or other exemption, bool, shape (rows,) or one for all.
        suspended: clock stands by suspension or pause; matters for open rows only.
    Raises: DomainError("deadlines.naive" | "deadlines.not_times" | "deadlines.shape").
    """
    moment = _utc(now)
    due, finished = _times(due, "due"), _times(finished, "finished")
    _check_shapes(due, finished=finished, exempt=exempt, suspended=suspended)
    exempted = np.broadcast_to(np.asarray(exempt, dtype=bool), due.shape)
    is_open = np.isnat(finished)
    excluded = exempted | (is_open & np.asarray(suspended, dtype=bool))
    # A comparison with NaT is false: no deadline is never late, open is never "finished late".
    late = finished > due
    missed = is_open & (due < moment)
    in_time = ~is_open & ~late
    return Verdicts(
        on_time=in_time | exempted,
        counted_on_time=in_time & ~excluded,
        overdue_finished=late & ~exempted,
        overdue_pending=missed & ~excluded,
        running=is_open & ~missed & ~excluded,
        excluded=excluded,
        was_overdue=(late | missed) & exempted,
    )


def _utc(now: datetime) -> np.datetime64:
    if now.tzinfo is None:
        raise DomainError(
            "deadlines.naive",
            f"The time now={now.isoformat()} has no time zone. Pass an aware datetime.",
            f"时间 now={now.isoformat()} 缺少时区。请传入带时区的时间。",
            where="now",
        )
    return np.datetime64(now.astimezone(UTC).replace(tzinfo=None), "us")


def _times(times: Instants, where: str) -> Instants:
    given = np.asarray(times)
    if given.dtype.kind != "M":
        raise DomainError(
            "deadlines.not_times",
            f"{where} has dtype {given.dtype}; allowed: datetime64 in UTC. Convert the column.",
            f"{where} 的类型为 {given.dtype}；应为 UTC 的 datetime64。请先转换。",
            where=where,
        )
    return given


def _check_shapes(due: Instants, **columns: ArrayLike) -> None:
    for name, column in columns.items():
        shape = np.shape(column)
        if shape != due.shape and not (shape == () and name != "finished"):
            raise DomainError(
                "deadlines.shape",
                f"{name} has shape {shape}, due has {due.shape}; they must be equal. "
                "Pass one value for each row.",
                f"{name} 的形状为 {shape}，due 为 {due.shape}；两者应一致。请逐行给值。",
                where=name,
            )
