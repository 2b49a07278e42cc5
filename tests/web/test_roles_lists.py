"""Every role against every list: what is open (200), closed (403), not to be known of (404).

The matrix is data. A new operation that reads must be entered here, or the last test fails.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from cityloop.business.cases import commands
from cityloop.business.cases.domain.values import NewReporter
from cityloop.city.accounts.domain import SCOPES
from cityloop.web.api import api
from tests.business.cases.stories import Walk, report, unclassed
from tests.web.conftest import Sign
from tests.world import PEOPLE, World, cell_code

pytestmark = pytest.mark.django_db

ALL = frozenset(name for name, *_ in PEOPLE)
DESKS = frozenset({"operator", "acceptor", "dispatcher"})
WORKERS = frozenset({"worker", "worker_east"})
DEPARTMENT = frozenset({"handler", "lead", "sanitation"})
SUPERVISION = frozenset({"community", "subdistrict", "district"})
ADMINS = frozenset({"system", "security", "audit"})
FIELD_AND_DESK = WORKERS | DESKS | SUPERVISION | {"analyst"}
NOBODY: frozenset[str] = frozenset()
STAFF = ALL - {"citizen"}
READS_FIGURES = FIELD_AND_DESK | {"lead"}
WATCHES = SUPERVISION | {"analyst"}
FORECAST = WATCHES | {"dispatcher", "lead"}

# path -> who gets 200; everybody else who is logged in gets 403, nobody (not logged in) 401
OPEN: dict[str, frozenset[str]] = {
    "approvals": ALL,  # empty where there is nothing to decide
    "cases": ALL,  # only the own ones: see COUNTS
    "cases/count": ALL,
    "cases/export.csv": ALL,
    "tasks": ALL,
    "moves": ALL,
    "moves/reasons": ALL,
    "desk": FIELD_AND_DESK | DEPARTMENT,
    "roles": ALL,
    "scopes": ALL,
    "departments": ALL,
    "catalogue/classes": ALL,
    "catalogue/versions": ALL,
    "catalogue/duties.csv": ALL,
    "catalogue/export.csv": ALL,
    "triage/models": ALL,
    "places/areas": ALL,
    "places/areas/{area}": ALL,
    "places/map": ALL,
    "routing/rules": ALL - WORKERS - {"citizen"},
    "overview": FIELD_AND_DESK | {"lead"},
    "places/geography/mappings": frozenset({"system"}),
    "places/division/drafts": frozenset({"system"}),
    "places/division/choices": frozenset({"system"}),
    "places/base": STAFF,  # the registers on a map
    "places/duty/cover": FIELD_AND_DESK | ADMINS,
    "elements/kinds": STAFF,
    "elements/box?bbox=116,39,117,40": STAFF,
    "elements/inspections/due": STAFF,
    "elements/inspections/plans": STAFF,
    "places/duty/workers": FIELD_AND_DESK | ADMINS,
    "places/duty/answerers?cell={cell}": FIELD_AND_DESK | ADMINS,
    "overview/centre": READS_FIGURES,
    "overview/period": READS_FIGURES,
    "overview/map": READS_FIGURES,
    "overview/map/cases?ids=1": READS_FIGURES,
    "overview/duty": FIELD_AND_DESK,
    "places/duty/assigned": FIELD_AND_DESK | ADMINS,
    "places/duty/grids": FIELD_AND_DESK | ADMINS,
    "places/areas/{area}/roles": SUPERVISION | ADMINS,
    "patrol/coverage": FIELD_AND_DESK | {"system"},
    "patrol/plans": FIELD_AND_DESK | {"system"},
    "patrol/walks": SUPERVISION,
    "patrol/sharing": SUPERVISION | {"dispatcher"},
    "worker/today": WORKERS,
    "worker/inspections": WORKERS,
    "supervision": WATCHES,
    "forecasts": FORECAST,
    "forecasts/series": FORECAST,
    "forecasts/today": FORECAST,
    "forecasts/warnings": FORECAST,
    "forecasts/record": FORECAST,
    "forecasts/triggers": FORECAST,
    "supervision/cases?kind=late": WATCHES,
    "supervision/urges": WATCHES,
    "supervision/steps": WATCHES,
    "supervision/changes?span=week": WATCHES,
    "notices/mine": ALL,  # the own ones
    "issues": DESKS | SUPERVISION | {"analyst"},
    "catalogue/calendar?year=2026": ALL,
    "catalogue/duties": ALL,
    "catalogue/stages": ALL,
    "routing/words": ALL - WORKERS - {"citizen"},
    "practice": STAFF,
    "practice/people": STAFF,  # only those who agreed, only to their supervisors
    "usage": frozenset({"analyst", "district", "subdistrict", "system"}),
    "usage/unanswered": frozenset({"analyst", "district", "subdistrict", "system"}),
    "usage/mine": ALL,
    "sessions": ALL,  # the own ones; security sees all
    "setup/status": ADMINS,
    "retention": ADMINS,
    "retention/runs": ADMINS,
    "roles/requests": ADMINS,
    "users": DESKS | SUPERVISION | ADMINS | {"lead"},
    "imports": DESKS | {"district"},
    "imports/mappings": DESKS | {"district"},
    "tokens": frozenset({"security", "audit"}),
    "webhooks": frozenset({"system"}),
    "webhooks/deliveries": frozenset({"system"}),
}
# one case in the first cell, led by `urban`: who may know of it; to the others it does not exist
ONE_CASE = DESKS | SUPERVISION | {"worker", "handler", "lead", "analyst"}
OF_A_CASE = (
    "cases/{number}", "cases/{number}/trace", "cases/{number}/page", "cases/{number}/why",
    "cases/{number}/near", "cases/{number}/hints",
)  # fmt: skip
# the same, but a citizen learns that it is not for them, whichever case they ask for
OF_STAFF = (
    "cases/{number}/approvals", "cases/{number}/proofs", "supervision/urges/{number}",
    "issues/alike/{number}", "cases/{number}/reply-draft",
)  # fmt: skip
# how many of the five cases each sees: two in each community, the fifth (west) is the citizen's
COUNTS = {
    "citizen": 1, "worker": 3, "worker_east": 2, "operator": 5, "acceptor": 5, "dispatcher": 5,
    "handler": 1, "lead": 1, "sanitation": 0, "community": 3, "subdistrict": 5, "district": 5,
    "analyst": 5, "system": 0, "security": 0, "audit": 0,
}  # fmt: skip
# scope of a token -> what it opens; a token never opens what no scope is for
BY_SCOPE = {
    "cases:read": {
        "approvals", "cases", "cases/count", "cases/export.csv", "tasks", "moves", "moves/reasons",
        "issues",
    },
    "places:read": {
        "places/areas", "places/areas/{area}", "places/map", "places/duty/cover",
        "places/duty/workers", "places/duty/answerers?cell={cell}", "places/duty/assigned",
        "places/duty/grids", "places/areas/{area}/roles", "elements/kinds",
        "places/base",
        "elements/box?bbox=116,39,117,40", "elements/inspections/due",
        "elements/inspections/plans",
    },
    "accounts:read": {"users", "roles", "departments"},
    "stats:read": {"overview"},
    "catalogue:read": {
        "routing/rules", "triage/models", "catalogue/classes", "catalogue/versions",
        "catalogue/duties.csv", "catalogue/export.csv", "catalogue/duties", "catalogue/stages",
        "catalogue/calendar?year=2026", "routing/words",
    },
}  # fmt: skip
# Read elsewhere in the tests: by key, by one row's id, or open to everybody.
ELSEWHERE = {
    "places/export.geojson",
    "places/division/drafts/{draft_id}", "places/division/drafts/{draft_id}/buildings",
    "places/division/shares/{community}",
    "elements/of/{kind}", "elements/one/{element_id}", "elements/one/{element_id}/history",
    "elements/one/{element_id}/inspections", "elements/of/{kind}/export.{form}",
    "elements/persons",
    "me", "follow/{key}", "follow/{key}/receipt", "notices/{key}", "notices/case/{case_id}",
    "ledger/checkpoint", "ledger/consistency", "ledger/entries", "ledger/proof/{event_id}",
    "cases/{number}/photos/{photo_id}/{size}", "users/{user_id}", "imports/{run_id}",
    "imports/{run_id}/left-out", "routing/rules/{key}", "triage/models/{model_id}",
    "triage/models/{model_id}/card",
    "catalogue/classes/{key}", "catalogue/conditions/{condition_id}",
    "follow/{key}/photos/{photo_id}/{size}", "public/site", "public/figures", "public/outlines",
    "public/near", "public/where", "public/place", "public/state/{number}", "setup",
    "setup/profiles", "help/guide", "help/guide/{role}", "help/pictures/{name}", "help/tours",
    "places/base/city.pmtiles", "places/base/{layer}/{z}/{x}/{y}.pbf",
    "places/search", "places/reverse", "ledger/kinds", "ledger/search",
    "ledger/search/export.csv", "names", "places/tiles",
    "places/tiles/{layer}/{z}/{x}/{y}.pbf", "places/duty/shifts",
    "places/duty/template/{what}.csv", "roles/template.{form}", "retention/{key}/due",
    "practice/runs/{run_id}", "worker/patrols/{client_id}/track", "cases/{number}/destination",
    "issues/{issue_id}",
}  # fmt: skip


@pytest.fixture
def number(world: World) -> str:
    """Five cases; the number of the one that `urban` handles in the first cell."""
    walk = Walk(world, unclassed(world, 0)).to_handling()
    for n in (1, 2, 3):
        unclassed(world, n)
    mine = report(1, class_key="", title="嗯", text="嗯嗯", reporter=_myself(world))
    commands.receive(mine, actor=world.viewer("citizen"), now=world.now)
    return walk.case.number


def _myself(world: World) -> NewReporter:
    return NewReporter(user_id=world.users["citizen"].pk)


def status(client: Client, path: str, world: World, number: str = "") -> int:
    cell = world.area(cell_code(0))
    filled = path.format(area=world.area("990100"), cell=cell, number=number)
    return client.get(f"/api/v1/{filled}").status_code


@pytest.mark.parametrize("who", sorted(ALL))
def test_each_list_is_open_to_its_roles_alone(
    who: str, site: Sign, world: World, number: str
) -> None:
    client = site(who)
    found = {path: status(client, path, world) for path in OPEN}
    assert found == {path: 200 if who in roles else 403 for path, roles in OPEN.items()}
    of_case = {path: status(client, path, world, number) for path in OF_A_CASE}
    assert of_case == dict.fromkeys(OF_A_CASE, 200 if who in ONE_CASE else 404)
    of_staff = {path: status(client, path, world, number) for path in OF_STAFF}
    assert of_staff == dict.fromkeys(
        OF_STAFF, 200 if who in ONE_CASE else 403 if who == "citizen" else 404
    )
    seen = client.get("/api/v1/cases?limit=200&order=received").json()["items"]
    assert len(seen) == COUNTS[who]
    rows = b"".join(client.get("/api/v1/cases/export.csv").streaming_content).decode("utf-8-sig")
    assert len(rows.strip().splitlines()) == 1 + COUNTS[who], "the export shows what the list does"
    entries = client.get("/api/v1/ledger/entries").status_code
    assert entries == (200 if who == "audit" else 403)


def test_nobody_reads_nothing_without_a_log_in(site: Sign, world: World, number: str) -> None:
    client = site("")
    found = {path: status(client, path, world, number) for path in (*OPEN, *OF_A_CASE, *OF_STAFF)}
    assert found == dict.fromkeys(found, 401)
    assert client.get("/api/v1/ledger/entries").status_code == 403


@pytest.mark.parametrize("scope", sorted(BY_SCOPE))
def test_a_token_opens_what_its_scope_is_for_and_no_more(
    scope: str, token: Callable[..., Client], world: World, number: str
) -> None:
    client = token("district", scope)
    found = {path for path in OPEN if status(client, path, world) == 200}
    assert found == BY_SCOPE[scope]
    assert status(client, "cases/{number}", world, number) == (
        200 if scope == "cases:read" else 403
    )


def test_a_token_with_every_scope_reaches_neither_tokens_nor_webhooks(
    token: Callable[..., Client], world: World
) -> None:
    client = token("district", *SCOPES)
    for path in ("tokens", "webhooks", "webhooks/deliveries", "scopes"):
        assert status(client, path, world) == 403


def test_a_list_never_names_a_reporter(site: Sign, world: World, number: str) -> None:
    """The reporter of the case is 赵合成, 13800000000."""
    for who in sorted(ALL):
        client = site(who)
        for path in (*OPEN, *OF_A_CASE):
            answer = client.get(f"/api/v1/{path.format(area=1, cell=1, number=number)}")
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert b"13800000000" not in body, (who, path)
            assert "赵合成".encode() not in body, (who, path)


def test_every_operation_that_reads_stands_in_this_matrix() -> None:
    paths = api.get_openapi_schema()["paths"]
    reads = {p.removeprefix("/api/v1/") for p, item in paths.items() if "get" in item}
    plain = {
        p.split("?")[0].replace("{area}", "{area_id}").replace("export.csv", "export.{kind}")
        for p in (*OPEN, *OF_A_CASE, *OF_STAFF)
    }
    plain |= {p.replace("{kind}", "{form}") for p in plain if p.startswith("catalogue/")}
    assert reads - plain - ELSEWHERE == set()
