"""What stays is not walked over again, and new garbage is still collected."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from cityloop.kernel import collecting


class Node:
    """One that may refer to itself."""

    def __init__(self) -> None:
        self.other: object = None


@pytest.fixture
def aside() -> Iterator[collecting.SettingAside]:
    one = collecting.SettingAside()
    yield one
    if one in gc.callbacks:
        gc.callbacks.remove(one)
    gc.unfreeze()


def test_what_survives_the_first_collections_is_set_aside_and_no_more_than_those(
    aside: collecting.SettingAside,
) -> None:
    aside.begin()
    kept, counts = [], []
    for _ in range(collecting.FIRST + 3):
        kept.append([[] for _ in range(2_000)])
        gc.collect()
        counts.append(gc.get_freeze_count())
    assert counts[0] < counts[5] < counts[collecting.FIRST - 1]
    assert counts[-1] <= counts[collecting.FIRST - 1]
    assert aside not in gc.callbacks


def test_garbage_made_later_is_collected(aside: collecting.SettingAside) -> None:
    aside.begin()
    node = Node()
    node.other = node
    seen = weakref.ref(node)
    del node
    gc.collect()
    assert seen() is None


def test_asked_twice_it_is_done_once(aside: collecting.SettingAside) -> None:
    aside.begin()
    aside.begin()
    assert gc.callbacks.count(aside) == 1
