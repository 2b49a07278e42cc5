"""Grams, pairs, average linkage, names that stay, heat, words."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.hot_issues import Reports, Stream, common_words, heat_of, shared_words
from cityloop.engines.hot_issues.grams import grams_of
from cityloop.engines.hot_issues.identity import keep_names
from cityloop.engines.hot_issues.linkage import groups
from cityloop.engines.hot_issues.names import Names
from cityloop.engines.hot_issues.pairs import Index, Pairs
from cityloop.engines.hot_issues.values import FIXED
from cityloop.kernel.errors import DomainError


def pairs_of(*rows: tuple[int, int, float]) -> Pairs:
    left, right, value = zip(*rows, strict=True)
    return Pairs(np.array(left), np.array(right), np.array(value, dtype=np.float32))


def test_a_chain_of_likeness_does_not_become_one_group() -> None:
    chain = pairs_of(*[(i + 1, i, 0.5) for i in range(30)])
    labels = groups(chain, 31, least=0.2)
    assert np.bincount(labels[labels >= 0]).max() <= 4


def test_people_decide_what_is_together_and_what_is_apart() -> None:
    pairs = pairs_of((1, 0, 0.9), (3, 2, 0.9))
    assert groups(pairs, 4, least=0.2, apart=[(0, 1)]).tolist() == [-1, -1, 0, 0]
    assert groups(pairs, 5, least=0.2, together=[[0, 4]]).tolist() == [0, 0, 1, 1, 0]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_group_is_alike_as_a_whole_and_apart_stays_apart(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 12))
    all_pairs = list(itertools.combinations(range(n), 2))
    drawn = data.draw(st.lists(st.floats(0, 1), min_size=len(all_pairs), max_size=len(all_pairs)))
    rows = [(b, a, v) for (a, b), v in zip(all_pairs, drawn, strict=True)]
    apart = data.draw(st.lists(st.sampled_from(all_pairs), max_size=3))
    labels = groups(pairs_of(*rows), n, least=0.4, apart=apart)
    value = {(a, b): v for b, a, v in rows}
    for label in set(labels.tolist()) - {-1}:
        held = np.flatnonzero(labels == label).tolist()
        mean = np.mean([value[p] for p in itertools.combinations(held, 2)])
        assert mean >= 0.4 - 1e-6  # all joins were at 0.4 or more, so their mean is
    for a, b in apart:
        assert labels[a] == -1 or labels[a] != labels[b]


def test_names_stay_with_the_larger_part_and_are_never_used_again() -> None:
    before = np.array([5, 5, 5, 7, 7, -1])
    fresh = np.array([0, 0, 1, 1, 1, 1])
    names, free = keep_names(before, fresh, free=9)
    assert (names.tolist(), free) == ([5, 5, 7, 7, 7, 7], 9)
    split, free = keep_names(np.array([5, 5, 5, 5, 5]), np.array([0, 0, 0, 1, 1]), free=9)
    assert (split.tolist(), free) == ([5, 5, 5, 9, 9], 10)


def some_reports(n: int) -> Reports:
    places = ["永宁小区", "和安花园", "柳林街道", "青石巷口"]
    matters = ["夜间施工噪音太大", "垃圾没有人清运", "路灯坏了很久不亮", "井盖松动车过就响"]
    rows = [(places[i % 4], matters[i % 4]) for i in range(n)]
    titles = [f"{place}{matter}" for place, matter in rows]
    return Reports.of_texts(titles, [""] * n, np.arange(n, dtype=float) / 10)


def test_one_by_one_finds_the_pairs_that_all_at_once_finds() -> None:
    reports = some_reports(40)
    whole = Index(FIXED)
    whole.counts.add(grams_of(reports.titles, reports.bodies, body_characters=200))
    single = Index(FIXED)
    single.counts = whole.counts  # the same weights, so that only the index differs
    single.counts.add = lambda grams: None  # type: ignore[method-assign]
    at_once = single.add(reports)
    again = Index(FIXED)
    again.counts = single.counts
    parts = Pairs.joined([again.add(reports.slice(i, i + 7)) for i in range(0, 40, 7)])
    as_set = lambda p: {  # noqa: E731 - one expression, used twice
        (int(a), int(b), round(float(v), 4))
        for a, b, v in zip(p.left, p.right, p.similarity, strict=True)
    }
    assert as_set(at_once) == as_set(parts) != set()


def test_places_far_apart_and_other_districts_are_not_one_issue() -> None:
    titles = ["永宁小区夜间施工噪音", "永宁小区夜间施工噪音", "其他事情一二三四"] * 3
    day, far = np.zeros(9), np.array([0.0, 4_000.0, 0.0] * 3)
    index = Index(FIXED)
    known = index.add(Reports(titles, [""] * 9, day, far, np.zeros(9), np.full(9, -1)))
    mixed = {(int(a) % 3, int(b) % 3) for a, b in zip(known.left, known.right, strict=True)}
    assert (0, 0) in mixed and (1, 0) not in mixed and (0, 1) not in mixed
    index = Index(FIXED)
    areas = np.array([1, 2, -1] * 3)
    nowhere = np.full(9, np.nan)
    named = index.add(Reports(titles, [""] * 9, day, nowhere, nowhere, areas))
    value = {(int(a), int(b)): float(v) for a, b, v in
             zip(named.left, named.right, named.similarity, strict=True)}  # fmt: skip
    assert value[3, 1] == pytest.approx(FIXED.other_area * value[3, 0], rel=1e-3)


def test_a_stream_places_reports_as_they_come_and_goes_on_after_a_restart() -> None:
    reports = some_reports(36)
    stream = Stream()
    placed = [p for i in range(0, 30, 5) for p in stream.add(reports.slice(i, i + 5))]
    assert sum(p.issue >= 0 for p in placed) > 20
    again = Stream()
    free = max(stream.issue_of) + 1
    again.restore(reports.slice(0, 30), stream.issue_of.copy(), free=free)
    last = reports.slice(30, 36)
    assert [p.issue for p in again.add(last)] == [p.issue for p in stream.add(last)]
    assert again.issue_of.tolist() == stream.issue_of.tolist()


def test_only_the_newest_are_held_and_an_issue_goes_on_by_its_newest_members() -> None:
    few = replace(FIXED, held=64, speakers=3, few=1_000)
    stream = Stream(few)
    reports = some_reports(400)
    numbers = []
    for i in range(0, 400, 8):
        numbers += [p.issue for p in stream.add(reports.slice(i, i + 8))]
        index = stream.index
        assert index.size - index.first <= 64 + 64 // 4
    assert len({n for n in numbers[40:] if n >= 0}) == 4  # four matters, from begin to end
    assert numbers[-8:] == numbers[-16:-8] and min(numbers[40:]) >= 0


def test_a_gram_that_very_many_hold_leads_to_the_newest_of_them() -> None:
    index = Index(replace(FIXED, held=512, most_found=10, few=1_000))
    titles = ["永宁小区夜间施工噪音"] * 300
    for i in range(0, 300, 20):
        index.add(Reports.of_texts(titles[i : i + 20], [""] * 20, np.arange(i, i + 20) / 100))
    asked = index.find(Reports.of_texts(titles[:1], [""], [3.0]))
    assert asked.right.min() >= 150 and 10 <= len(asked.right) <= 60


def test_two_numbered_lines_are_not_one_matter() -> None:
    titles = ["205路公交车总是晚点", "205路公交车总是晚点", "370路公交车总是晚点"] * 4
    found = Index(FIXED).add(Reports.of_texts(titles, [""] * 12, np.zeros(12)))
    rows = zip(found.left.tolist(), found.right.tolist(), found.similarity.tolist(), strict=True)
    value = {(left % 3, right % 3): alike for left, right, alike in rows}
    assert value[2, 1] == pytest.approx(FIXED.other_area * value[1, 0], rel=1e-3)


def test_the_same_words_about_another_school_or_estate_are_not_one_matter() -> None:
    titles = [
        "A市涉外经济学院强制学生实习",
        "市经济学院强制学生实习",
        "A8县商贸职业学院强制学生实习",
    ]
    schools = Names.of(titles)
    estates = Names.of(["反映永宁小区积水", "城南街道永宁新村积水", "和平里小区积水", "积水"])
    each = np.arange(3)
    assert schools.differ(each, schools, each[[1, 2, 0]]).tolist() == [False, True, True]
    assert estates.differ(each, estates, each[[1, 2, 0]]).tolist() == [False, True, True]
    assert not estates.differ(each, estates, each * 0 + 3).any()


def test_what_left_the_window_is_forgotten() -> None:
    index = Index(FIXED)
    early = some_reports(12)
    index.add(early)
    late = Reports.of_texts(early.titles, early.bodies, early.days + FIXED.window_days + 5)
    first = index.size
    found = index.add(late)
    assert len(found.right) and found.right.min() >= first


def test_heat_counts_people_not_messages_and_cools_when_solved() -> None:
    days = [90.0, 95.0, 96.0, 97.0]
    many = heat_of(days, ["a", "b", "c", "d"], [True] * 4, today=98.0)
    one = heat_of(days, ["a", "a", "a", "a"], [True] * 4, today=98.0)
    solved = heat_of(days, ["a", "b", "c", "d"], [False] * 4, today=98.0)
    assert (many.persons, one.persons, many.reports) == (4, 1, 4)
    assert many.value > one.value and many.value > solved.value > 0
    assert (many.this_week, many.last_week, many.peak) == (3, 1, 4)
    assert sum(many.trend) == 4 and many.trend[-1] == 3
    assert many.unsolved_days == pytest.approx(8.0)
    assert heat_of([], [], [], today=0.0).value == 0.0


def test_words_say_why() -> None:
    assert shared_words("魅力之城油烟扰民", "万科魅力之城，油烟太大") == ["魅力之城", "油烟"]
    texts = ["永宁小区夜间施工", "永宁小区又在施工", "永宁小区施工到凌晨"]
    assert common_words(texts)[:2] == ["永宁小区", "施工"]


def test_bad_input_says_what_is_wrong() -> None:
    with pytest.raises(DomainError) as error:
        Reports.of_texts(["a"], [], [0.0])
    assert error.value.code == "issues.lengths"
    with pytest.raises(DomainError) as error:
        Reports.of_texts(["a"], [""], [float("nan")])
    assert error.value.code == "issues.time"


def test_no_text_and_no_reports_are_no_error() -> None:
    assert len(grams_of([], [], body_characters=200)) == 0
    assert len(grams_of(["", "！！"], ["", ""], body_characters=200).ids) == 0
    assert len(Index(FIXED).add(Reports.of_texts([], [], [])).left) == 0
