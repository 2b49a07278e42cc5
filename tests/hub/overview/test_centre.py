"""Every figure of the centre lists exactly the cases that it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cityloop.business.cases.models import Case
from cityloop.city.accounts.domain import Holding, Role, Viewer
from cityloop.city.jobs.run import run_until_quiet
from cityloop.hub.overview.centre import Centre, centre
from cityloop.hub.overview.counting import Counted, query_of
from cityloop.hub.overview.period import period
from cityloop.kernel.errors import NotAllowed
from tests.business.cases.stories import Walk, received, unclassed
from tests.hub.overview.history import live_through
from tests.world import COMMUNITIES, LAT, LON, SIDE, World

pytestmark = pytest.mark.django_db


def figures(found: Any, path: str = "") -> Iterator[tuple[str, Counted]]:
    """Every figure in an answer, with where it stands."""
    if isinstance(found, Counted):
        yield path, found
    elif is_dataclass(found):
        for field in fields(found):
            yield from figures(getattr(found, field.name), f"{path}.{field.name}")
    elif isinstance(found, tuple):
        for n, one in enumerate(found):
            yield from figures(one, f"{path}[{n}]")


def listed(client: Client, query: str) -> int:
    """How many cases the desk's list shows for a query."""
    answer = client.get(f"/api/v1/cases?{query}&order=received&limit=200")
    assert answer.status_code == 200, answer.content
    return len(answer.json()["items"])


@pytest.mark.parametrize("name", ["district", "community", "lead"])
def test_every_figure_is_as_long_as_its_list(world: World, name: str) -> None:
    live_through(world)
    viewer, client = world.viewer(name), Client()
    client.force_login(world.users[name])
    shown = [centre(viewer, now=world.now), period(viewer, now=world.now, days=30)]
    found = [pair for part in shown for pair in figures(part)]
    wrong = {where: (f.n, f.query) for where, f in found if listed(client, f.query) != f.n}
    assert not wrong
    assert len(found) > 80
    assert sum(f.n > 0 for _, f in found) > 15, "a test of zeros would prove nothing"


def flow(shown: Centre, measure: str) -> tuple[int, int, int, int]:
    row = next(f for f in shown.flows if f.measure == measure)
    return row.today.n, row.yesterday.n, row.yesterday_whole.n, row.week_ago.n


def test_today_stands_beside_the_same_hours_of_yesterday_and_last_week(world: World) -> None:
    live_through(world)
    shown = centre(world.viewer("district"), now=world.now)
    assert flow(shown, "reported") == (7, 3, 4, 1)


def test_open_near_late_and_unanswered(world: World) -> None:
    unclassed(world, 0)
    handling = Walk(world, unclassed(world, 3)).to_handling().case
    Case.objects.filter(pk=handling.pk).update(alert="late")
    Walk(world, unclassed(world, 1)).to_closed()
    shown = centre(world.viewer("district"), now=world.now + timedelta(days=2))
    assert (shown.open.n, shown.late.n, shown.near.n) == (2, 1, 0)
    assert (shown.unanswered.n, shown.long_unanswered.n) == (1, 1)
    assert {s.value: n.n for s, n in shown.states if n.n} == {"reported": 1, "handling": 1}
    found = [(c.area.level, c.open.n, c.late.n) for c in shown.children]
    assert found == [("community", 1, 1), ("community", 1, 0)], "the one subdistrict is passed over"


def test_areas_below_come_with_the_most_overdue_first(world: World) -> None:
    received(world, 0)
    late = received(world, 3)
    Case.objects.filter(pk=late.case_id).update(alert="late")
    shown = centre(world.viewer("subdistrict"), now=world.now)
    assert [c.area.code for c in shown.children] == [COMMUNITIES[1], COMMUNITIES[0]]
    assert [a.level for a in shown.above] == ["district"]


def test_of_cells_only_those_with_open_cases_are_listed(world: World) -> None:
    received(world, 1)
    shown = centre(world.viewer("community"), now=world.now)
    assert [c.area.name_zh for c in shown.children] == ["网格2"]


def test_rates_are_good_over_good_and_bad_and_none_over_nothing(world: World) -> None:
    assert {r.value for r in period(world.viewer("district"), now=world.now).rates} == {None}
    from cityloop.hub.overview.centre import forget

    forget()
    live_through(world)
    rates = {r.key: r for r in period(world.viewer("district"), now=world.now).rates}
    assert (rates["solving"].good.n, rates["solving"].bad.n, rates["solving"].value) == (1, 1, 0.5)
    assert rates["auto_share"].bad.n == 2, "those that a person dispatched"
    assert (
        rates["auto_share"].good.n == rates["auto_accuracy"].good.n + rates["auto_accuracy"].bad.n
    )


def test_who_handled_too_few_is_not_ranked(world: World) -> None:
    live_through(world)
    units = period(world.viewer("district"), now=world.now).units
    assert [u.outcome for u in units] == [None] * len(units) and units


def test_another_area_and_a_token_that_reads_no_cases_are_refused(world: World) -> None:
    with pytest.raises(NotAllowed):
        centre(world.viewer("community"), now=world.now, area_id=world.area(COMMUNITIES[1]))
    token = Viewer("token", holdings=(Holding(Role.ANALYST),), scopes=frozenset({"stats:read"}))
    with pytest.raises(NotAllowed):
        period(token, now=world.now)


def test_it_is_reckoned_anew_when_something_happened(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cityloop.hub.overview.centre.LEAST_S", 0.0)
    viewer, later = world.viewer("district"), world.now + timedelta(seconds=2)
    assert centre(viewer, now=world.now).as_of == centre(viewer, now=later).as_of == world.now
    received(world)
    run_until_quiet(world.now)
    shown = centre(viewer, now=later)
    assert (shown.as_of, shown.open.n) == (later, 1)


def test_a_query_reads_as_the_list_takes_it(world: World) -> None:
    assert query_of({"state": ["filed"], "auto": False, "since": world.now, "before": None}) == (
        "state=filed&auto=false&since=2026-03-16T02%3A00%3A00Z"
    )


def test_over_http_the_centre_carries_names_and_links(world: World) -> None:
    received(world)
    client = Client()
    client.force_login(world.users["analyst"])
    shown = client.get("/api/v1/overview/centre").json()
    assert shown["area"]["zh"] == "试点区" and shown["area"]["level_zh"] == "区"
    assert shown["open"]["query"] == f"area={shown['area']['id']}&working=true"
    assert shown["bounds"] == pytest.approx([LON, LAT, LON + 4 * SIDE, LAT + SIDE])
    assert client.get("/api/v1/overview/period?days=7").json()["rates"][0]["key"] == "response"
