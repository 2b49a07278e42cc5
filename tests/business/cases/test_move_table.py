"""The move table by itself: nothing can get stuck, nothing is reachable that should not be."""

from __future__ import annotations

import pytest

from cityloop.business.cases.domain import FINAL_STATES, MOVES, OWNERS, STATE_NAMES, State
from cityloop.business.cases.domain.moves import Need, Scope
from cityloop.city.accounts.domain import ADMINISTRATORS, Role


def test_every_open_state_has_an_owner_and_no_final_state_has_one() -> None:
    assert set(OWNERS) == set(State) - FINAL_STATES


def test_every_state_has_a_name_in_both_languages() -> None:
    assert set(STATE_NAMES) == set(State)
    assert all(zh and en for zh, en in STATE_NAMES.values())


@pytest.mark.parametrize("state", sorted(set(State) - FINAL_STATES))
def test_every_open_state_leads_to_an_end(state: State) -> None:
    seen, frontier = {state}, [state]
    while frontier:
        here = frontier.pop()
        for move in MOVES.values():
            if here in move.sources and move.to is not None and move.to not in seen:
                seen.add(move.to)
                frontier.append(move.to)
    assert seen & FINAL_STATES


@pytest.mark.parametrize("state", sorted(set(State) - FINAL_STATES))
def test_the_owner_of_a_state_can_always_do_something(state: State) -> None:
    owner = OWNERS[state]
    able = [
        m.name
        for m in MOVES.values()
        if state in m.sources and (owner in m.roles or m.scope is Scope.REPORTER or m.machine)
    ]
    assert able


def test_final_states_are_left_only_by_reopening_or_remarks() -> None:
    leaving = {m.name for m in MOVES.values() if m.sources & FINAL_STATES and m.to is not None}
    assert leaving == {"reopen"}


def test_administrators_make_no_move() -> None:
    assert not any(m.roles & ADMINISTRATORS for m in MOVES.values())
    assert not any(Role.ANALYST in m.roles for m in MOVES.values())


@pytest.mark.parametrize(
    "name", ["reject", "return", "reroute", "fail", "send_back", "merge", "reopen", "urge"]
)
def test_whoever_sends_back_or_refuses_gives_a_reason(name: str) -> None:
    assert Need.REASON in MOVES[name].needs


def test_closing_needs_the_closing_condition() -> None:
    assert MOVES["close"].needs == {Need.CLOSING}
    assert MOVES["close"].sources == {State.VERIFIED}
