"""Two characters that happen to stand in a sentence do not make a place."""

from __future__ import annotations

import pytest

from cityloop.engines.locating import Gazetteer

NAMES = [
    ("和安街道", "subdistrict", 1, 116.9, 39.1),
    ("静舒社区", "community", 2, 116.9, 39.1),
]


@pytest.mark.parametrize(
    "text",
    [
        "邻居们正在安静舒适的环境当中熟睡着",
        "保障业主的平和安全，消防和安全都要管",
        "请为我们创造安静舒心的生活",
    ],
)
def test_a_chance_pair_of_characters_waits_for_a_person(text: str) -> None:
    assert Gazetteer(NAMES, {2: 1}).find(text) is None


def test_a_full_name_and_a_short_one_together_are_a_place() -> None:
    found = Gazetteer(NAMES, {2: 1}).find("和安街道静舒这边路灯不亮")
    assert found is not None
