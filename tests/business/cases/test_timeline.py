"""Stages of a case from the rows of its trace."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cityloop.business.cases.domain import MOVES, State
from cityloop.business.cases.domain.forms import ORDER, Known, form_of
from cityloop.business.cases.domain.timeline import Happening, spans

T0 = datetime(2026, 3, 16, 2, tzinfo=UTC)


def row(n: int, kind: str, to: str, **data: Any) -> Happening:
    return Happening(T0 + timedelta(minutes=n), f"case.{kind}", {"to": to, **data})


def test_a_stage_ends_where_the_next_begins_and_keeps_its_verdict() -> None:
    found = spans([
        row(0, "receive", "reported"),
        row(5, "file", "filed", stage_on_time=True),
        row(9, "comment", "filed"),
        row(30, "dispatch", "dispatched", stage_on_time=False),
    ])  # fmt: skip
    assert [(s.state.value, s.on_time) for s in found] == [
        ("reported", True), ("filed", False), ("dispatched", None),
    ]  # fmt: skip
    assert found[0].ended_at == found[1].started_at


def test_a_second_dispatch_is_a_stage_of_its_own() -> None:
    found = spans([row(0, "dispatch", "dispatched"), row(5, "reroute", "dispatched")])
    assert [s.started_at.minute for s in found] == [0, 5]


def test_rings_stand_in_the_stage_they_rang_in() -> None:
    found = spans([row(0, "receive", "reported"), row(12, "near", "reported")])
    assert found[0].marks == (("near", T0 + timedelta(minutes=12)),)


def test_an_ended_case_has_no_running_stage() -> None:
    found = spans([row(0, "receive", "reported"), row(3, "reject", "rejected")])
    assert [s.state for s in found] == [State.REPORTED] and found[0].ended_at is not None


STATES = st.sampled_from([s.value for s in State])


@given(st.lists(st.tuples(st.sampled_from(sorted(MOVES)), STATES), max_size=30))
def test_spans_lie_end_to_end_whatever_happened(moves: list[tuple[str, str]]) -> None:
    found = spans([row(n, kind, to) for n, (kind, to) in enumerate(moves)])
    for before, after in itertools.pairwise(found):
        assert before.ended_at == after.started_at
    assert all(s.ended_at is None for s in found[-1:]) or not moves or found[-1].ended_at


def test_every_move_has_a_form_whose_fields_have_a_place_in_the_order() -> None:
    known = Known(now=T0, longest=T0 + timedelta(days=365), tasks=(1, 2))
    for move in MOVES.values():
        names = [f.name for f in form_of(move, known)]
        assert len(names) == len(set(names)) and set(names) <= set(ORDER), move.name


def test_every_need_of_a_move_becomes_a_required_field_when_nothing_is_known() -> None:
    known = Known(now=T0, longest=T0, is_placed=False, has_evidence=False)
    for move in MOVES.values():
        required = [f for f in form_of(move, known) if f.required]
        assert len(required) == len(move.needs), move.name
