"""People appear as counts, and small counts not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """A count of people as it may be shown.

    Args:
        people: None where there are some, but fewer than the minimum.
        few: whether it was kept back.
    """

    people: int | None
    few: bool = False


def shown_people(people: int, *, minimum: int) -> Shown:
    """Nobody is nobody; one to `minimum` - 1 people are "few"; more are counted.

    >>> shown_people(0, minimum=5), shown_people(4, minimum=5), shown_people(5, minimum=5)
    (Shown(people=0, few=False), Shown(people=None, few=True), Shown(people=5, few=False))
    """
    if 0 < people < minimum:
        return Shown(None, few=True)
    return Shown(people)


def shown_posts(posts: Mapping[str, int], *, whole: int, minimum: int) -> dict[str, int]:
    """People by post, the most first, and no small rest: whole minus shown would give it away.

    Args:
        posts: people a post; who holds two is counted in both.
        whole: people altogether.
    >>> shown_posts({"acceptor": 9, "handler": 6, "analyst": 2}, whole=17, minimum=5)
    {'acceptor': 9}
    """
    ranked = sorted(posts.items(), key=lambda post: (-post[1], post[0]))
    shown = [(name, n) for name, n in ranked if n >= minimum]
    while shown and 0 < whole - sum(n for _, n in shown) < minimum:
        shown.pop()
    return dict(shown)
