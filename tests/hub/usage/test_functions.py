"""The list of functions is true to the API and to the move table."""

from __future__ import annotations

from cityloop.business.cases.domain import MOVES
from cityloop.city.viewer import Holding, Role, Viewer
from cityloop.hub.usage.domain import FUNCTIONS, function_of, post_of
from cityloop.hub.usage.domain.functions import MOVE_ROUTE


def test_every_call_of_the_list_is_an_operation_of_the_api() -> None:
    from cityloop.web.api import api

    paths = api.get_openapi_schema()["paths"]
    there = {
        f"{method.upper()} {path.removeprefix('/api/v1/').rstrip('/')}"
        for path, methods in paths.items()
        for method in methods
    }
    named = {call for f in FUNCTIONS.values() for call in f.calls} | {MOVE_ROUTE}
    assert named - there == set()


def test_every_move_a_person_makes_is_a_function() -> None:
    by_people = {n for n, m in MOVES.items() if m.roles - {Role.CITIZEN}}
    counted = [move for f in FUNCTIONS.values() for move in f.moves]
    assert sorted(counted) == sorted(by_people)


def test_functions_of_other_methods_and_paths_are_none() -> None:
    assert function_of("GET", "me") is None
    assert function_of("DELETE", "cases") is None
    assert function_of("POST", "cases/{number}/moves/{move}", "no such move") is None


def test_moves_have_the_function_of_their_name() -> None:
    found = function_of("POST", "cases/{number}/moves/{move}", "reroute")
    assert found is FUNCTIONS["dispatch"]


def test_the_post_is_the_role_the_function_was_made_for() -> None:
    viewer = Viewer("person", 1, holdings=(Holding(Role.GRID_WORKER), Holding(Role.ACCEPTOR)))
    assert post_of(viewer, FUNCTIONS["file"]) is Role.ACCEPTOR
    assert post_of(viewer, FUNCTIONS["urge"]) is Role.GRID_WORKER


def test_citizens_have_no_post() -> None:
    viewer = Viewer("person", 1, holdings=(Holding(Role.CITIZEN),))
    assert post_of(viewer, FUNCTIONS["report"]) is None
