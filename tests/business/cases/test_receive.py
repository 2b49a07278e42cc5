"""Taking reports in: identity, place, refusal; nothing doubled, nothing lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityloop.business.cases import commands
from cityloop.business.cases.domain.values import Receipt
from cityloop.business.cases.models import Case, Report
from cityloop.city.accounts.domain import PUBLIC, Viewer
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed
from tests.business.cases.stories import report
from tests.world import COMMUNITIES, LAT, LON, SIDE, World, cell_code, centre

pytestmark = pytest.mark.django_db


def take(world: World, *reports: object) -> list[object]:
    return list(commands.receive_many(list(reports), actor=PUBLIC, now=world.now))  # type: ignore[arg-type]


def test_the_same_report_twice_is_one_case_and_the_first_receipt(world: World) -> None:
    one = report()
    first = commands.receive(one, actor=PUBLIC, now=world.now)
    again = commands.receive(one, actor=PUBLIC, now=world.now)
    assert (first.created, again.created) == (True, False)
    assert first.case_id == again.case_id
    assert Case.objects.count() == 1


def test_the_same_id_with_other_content_is_a_contradiction(world: World) -> None:
    one = report()
    commands.receive(one, actor=PUBLIC, now=world.now)
    with pytest.raises(Conflict) as refused:
        commands.receive(replace(one, text="别的事情"), actor=PUBLIC, now=world.now)
    assert refused.value.code == "report.contradicts"


def test_a_batch_takes_the_good_and_names_the_bad(world: World) -> None:
    one = report()
    answers = take(
        world,
        one,
        replace(one, external_id="x" * 121),
        replace(one, external_id="B1", title="", text=" \n"),
        one,
        replace(one, external_id="B2", lon=None),
        replace(one, external_id="B3", class_key="E0000"),
        replace(one, text="同号不同文"),
    )
    shown = [a.code if isinstance(a, DomainError) else a.created for a in answers]  # type: ignore[union-attr]
    assert shown == [
        True,
        "report.external_id",
        "report.empty",
        False,
        "place.half",
        "report.unknown_class",
        "report.contradicts",
    ]
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "坏\x00字"), ("text", "反\u202e转"), ("text", "\ud800"), ("address", "x" * 301)],
)
def test_hidden_characters_and_long_fields_are_refused_by_name(
    world: World, field: str, value: str
) -> None:
    with pytest.raises(DomainError) as refused:
        commands.receive(replace(report(), **{field: value}), actor=PUBLIC, now=world.now)
    assert refused.value.where == field


def test_a_point_finds_its_cell_and_all_areas_above(world: World) -> None:
    answer = commands.receive(report(2), actor=PUBLIC, now=world.now)
    case = Case.objects.get(pk=answer.case_id)
    assert case.located_by == "exact"
    assert (case.cell_id, case.community_id) == (
        world.area(cell_code(2)),
        world.area(COMMUNITIES[1]),
    )


def test_a_point_on_a_shared_edge_gets_one_cell_and_says_so(world: World) -> None:
    edge = report(lon=round(LON + SIDE, 6), lat=LAT + SIDE / 2)
    answer = commands.receive(edge, actor=PUBLIC, now=world.now)
    case = Case.objects.get(pk=answer.case_id)
    assert (case.located_by, case.cell_id) == ("edge", world.area(cell_code(0)))


def test_gcj02_is_converted_when_declared(world: World) -> None:
    from cityloop.kernel.geo import from_wgs84

    lon, lat = centre(1)
    glon, glat = from_wgs84(lon, lat, "gcj02")
    shifted = report(lon=float(glon), lat=float(glat), crs="gcj02")
    answer = commands.receive(shifted, actor=PUBLIC, now=world.now)
    case = Case.objects.get(pk=answer.case_id)
    assert case.cell_id == world.area(cell_code(1))
    assert Report.objects.get(case=case).declared["crs"] == "gcj02"


def test_swapped_coordinates_are_refused_with_the_right_order(world: World) -> None:
    lon, lat = centre(0)
    with pytest.raises(DomainError) as refused:
        commands.receive(report(lon=lat, lat=lon), actor=PUBLIC, now=world.now)
    assert refused.value.code == "place.swapped"


def test_nan_is_refused(world: World) -> None:
    with pytest.raises(DomainError) as refused:
        commands.receive(report(lon=float("nan")), actor=PUBLIC, now=world.now)
    assert refused.value.code == "place.not_finite"


def test_a_point_outside_waits_for_a_person(world: World) -> None:
    answer = commands.receive(report(lon=120.0, lat=30.0), actor=PUBLIC, now=world.now)
    case = Case.objects.get(pk=answer.case_id)
    assert (case.located_by, case.state, case.cell_id) == ("outside", "reported", None)


def test_a_token_without_the_scope_may_not_report(world: World) -> None:
    machine = Viewer(kind="token", user_id=1, scopes=frozenset({"cases:read"}))
    with pytest.raises(NotAllowed):
        commands.receive_many([report()], actor=machine, now=world.now)


@pytest.mark.parametrize(
    "text", ["𠮷𪚥㐂〇𬱖", "👨‍👩‍👧‍👦 坏了", "<script>alert(1)</script>", "'; DROP TABLE"]
)
def test_strange_but_honest_text_is_kept_to_the_letter(world: World, text: str) -> None:
    answer = commands.receive(report(text=text), actor=PUBLIC, now=world.now)
    assert isinstance(answer, Receipt)
    assert Report.objects.get(pk=answer.report_id).text == text


def test_a_batch_of_three_costs_as_many_queries_as_one(
    world: World, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    take(world, report())
    counts = []
    for size in (1, 3):
        with CaptureQueriesContext(connection) as seen:
            take(world, *[report(n % 4) for n in range(size)])
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_chosen_condition_sets_the_limit_of_its_own(world: World) -> None:
    from cityloop.business.catalogue.queries import catalogue

    many = next(c for c in catalogue().classes.values() if len(c.conditions) > 1)
    other = next(c for c in many.conditions if not c.is_default)
    given = report(class_key=many.key, condition_seq=other.seq)
    answer = commands.receive(given, actor=PUBLIC, now=world.now)
    assert Case.objects.get(pk=answer.case_id).condition_id == other.id
    with pytest.raises(DomainError) as refused:
        wrong = report(class_key=many.key, condition_seq=98)
        commands.receive(wrong, actor=PUBLIC, now=world.now)
    assert refused.value.code == "report.unknown_condition"


def test_what_follows_by_itself_is_recorded_as_the_platforms_own(world: World) -> None:
    from cityloop.city.audit.queries import trace

    viewer = world.viewer("operator")
    answer = commands.receive(report(), actor=viewer, now=world.now)
    rows = trace("case", answer.case_id, viewer=viewer)
    assert [(r.kind, r.actor_kind) for r in rows] == [
        ("case.receive", "person"),
        ("case.file", "system"),
        ("case.dispatch", "system"),
    ]
