"""Who answers for a cell: 一格一员, 一格多员, and what happens when nobody is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

How = Literal["on_duty", "next_rank", "community", "nobody"]


@dataclass(frozen=True, slots=True)
class Answerer:
    """The person who answers for a cell now, and why it is that person.

    how: "on_duty" the first of the cell's own workers; "next_rank" another of them, the first is
        off duty; "community" none of them is on duty, so a colleague on duty in the community,
        else the community's supervisor; "nobody" there is no such person either.
    """

    user_id: int | None
    how: How


NOBODY = Answerer(None, "nobody")


@dataclass(frozen=True, order=True, slots=True)
class Rank:
    """A worker's place among those of a cell: the lowest answers first."""

    rank: int
    assigned: int
    user_id: int


def answerer(
    own: Iterable[Rank],
    neighbours: Iterable[Rank],
    supervisors: Iterable[int],
    on_duty: Collection[int],
) -> Answerer:
    """The answerer of one cell.

    Args:
        own: workers of the duty grids that hold the cell.
        neighbours: workers of the other duty grids of its community.
        supervisors: users who supervise the community.
        on_duty: users on duty now.
    """
    ranked = sorted(own)
    for place, worker in enumerate(ranked):
        if worker.user_id in on_duty:
            first = place == 0 or worker.user_id == ranked[0].user_id
            return Answerer(worker.user_id, "on_duty" if first else "next_rank")
    for worker in sorted(neighbours):
        if worker.user_id in on_duty:
            return Answerer(worker.user_id, "community")
    for user_id in sorted(supervisors):
        return Answerer(user_id, "community")
    return NOBODY
