"""Can these weights be packed? Against every grouping there is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.partition import Window
from cityloop.engines.partition.packing import packable


def by_hand(weights: list[int], window: Window) -> bool:
    """Try every way to put each weight into a group."""

    def place(rest: list[int], groups: list[int]) -> bool:
        if not rest:
            return all(window.holds(g) for g in groups)
        for n in range(len(groups)):
            grown = [g + rest[0] if i == n else g for i, g in enumerate(groups)]
            if grown[n] <= window.hi and place(rest[1:], grown):
                return True
        return place(rest[1:], [*groups, rest[0]])

    return place(weights, [])


@given(st.lists(st.integers(1, 30), min_size=1, max_size=7))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_search_agrees_with_trying_everything(weights: list[int]) -> None:
    window = Window(20, 33)
    assert packable(weights, window) == by_hand(weights, window)


def test_search_that_takes_too_long_says_so() -> None:
    assert packable([97, 89, 83, 79, 73, 71, 67, 61, 59, 53], Window(180, 200), nodes=3) is None
