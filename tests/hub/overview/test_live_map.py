"""The live map's columns are the open cases, and small."""

from __future__ import annotations

import gzip
import json

import pytest
from django.test import Client

from cityloop.business.cases.models import Case
from cityloop.city.audit.followers import head_size
from cityloop.city.jobs.run import run_until_quiet
from cityloop.hub.overview.live_map import LiveMap, cases_at, duty, live_map
from cityloop.kernel.errors import NotAllowed
from tests.business.cases.stories import Walk, received, unclassed
from tests.world import COMMUNITIES, SUBDISTRICT, World, cell_code, centre

pytestmark = pytest.mark.django_db


def decoded(found: LiveMap) -> dict[str, dict[str, object]]:
    """The columns as a map reads them: cases by number."""
    cases, last, made = found.cases, 0, {}
    for n, number in enumerate(cases.number):
        last += cases.id[n]
        lon, lat, place = cases.lon[n], cases.lat[n], cases.place[n]
        made[number] = {
            "id": last,
            "at": None if lon is None or lat is None else (
                found.origin[0] + lon / found.steps, found.origin[1] + lat / found.steps
            ),
            "state": found.states[cases.state[n]],
            "clock": found.clocks[cases.clock[n]],
            "path": path_of(found, place),
        }  # fmt: skip
    return made


def path_of(found: LiveMap, place: int) -> list[int]:
    path = []
    while place >= 0:
        path.append(sum(found.places.id[: place + 1]))
        place = found.places.above[place]
    return path


def test_columns_say_where_what_and_how_late(world: World) -> None:
    first = received(world, 0)
    Walk(world, unclassed(world, 1)).to_closed()
    last = unclassed(world, 3)
    Case.objects.filter(pk=last.pk).update(alert="near")
    found = decoded(live_map(world.viewer("district"), now=world.now))
    assert found.keys() == {first.number, last.number}, "closed ones are not open work"
    shown = found[last.number]
    assert (shown["id"], shown["state"], shown["clock"]) == (last.pk, "reported", "near")
    assert shown["at"] == pytest.approx(centre(3), abs=1e-5)
    codes = (cell_code(3), COMMUNITIES[1], SUBDISTRICT, "990100")
    assert shown["path"] == [world.area(code) for code in codes]
    names = live_map(world.viewer("district"), now=world.now).places
    assert set(names.zh) == {"", "试点区", "和安街道", "永宁社区", "春和社区"}


def test_a_case_without_a_place_has_no_point(world: World) -> None:
    nowhere = unclassed(world, lon=None, lat=None)
    (shown,) = decoded(live_map(world.viewer("district"), now=world.now)).values()
    assert shown["id"] == nowhere.pk and shown["at"] is None


def test_each_sees_the_cases_of_the_own_area_and_department(world: World) -> None:
    received(world, 0)
    unclassed(world, 0)
    received(world, 3)
    seen = {
        name: len(live_map(world.viewer(name), now=world.now).cases.number)
        for name in ("district", "community", "lead")
    }
    assert seen == {"district": 3, "community": 2, "lead": 0}
    with pytest.raises(NotAllowed):
        live_map(world.viewer("handler"), now=world.now)


def test_the_stream_goes_on_where_the_columns_end(world: World) -> None:
    received(world)
    run_until_quiet(world.now)
    assert live_map(world.viewer("district"), now=world.now).position == head_size() > 0


def test_some_cases_are_told_again_open_or_not_as_far_as_one_may_know(world: World) -> None:
    done = Walk(world, unclassed(world, 1)).to_closed().case
    east = received(world, 3)
    asked = [done.pk, east.case_id, 999_999]
    found = decoded(cases_at(world.viewer("community"), asked, now=world.now))
    assert {n: c["state"] for n, c in found.items()} == {done.number: "closed"}


def test_duty_tells_cells_and_how_many_but_no_person(world: World) -> None:
    found = duty(world.viewer("district"), now=world.now)
    assert found.workers == 2
    assert [found.how[a] for a in found.answered] == ["on_duty"] * 4
    part = duty(world.viewer("community"), now=world.now)
    assert (part.workers, len(part.cell)) == (1, 2)
    with pytest.raises(NotAllowed):
        duty(world.viewer("lead"), now=world.now)


def test_over_http_it_is_compressed_and_never_kept(world: World) -> None:
    for n in range(30):
        received(world, n % 4)
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(world.users["district"])
    answer = client.get("/api/v1/overview/map")
    assert (answer["Content-Encoding"], answer["Cache-Control"]) == ("gzip", "no-store")
    shown = json.loads(gzip.decompress(answer.content))
    assert {len(column) for column in shown["cases"].values()} == {30}
    some = client.get("/api/v1/overview/map/cases", {"ids": [shown["cases"]["id"][0]]})
    assert len(some.json()["cases"]["id"]) == 1
