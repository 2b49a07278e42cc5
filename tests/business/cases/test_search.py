"""Finding cases: by words of reports, by number, by place, by the reporter's phone."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cityloop.business.cases import commands, lists
from cityloop.business.cases.commands.index import rebuild_index
from cityloop.business.cases.domain.values import NewReporter
from cityloop.business.cases.models import Case
from cityloop.business.cases.queries import case_page, count_cases
from cityloop.business.cases.seen import who_saw
from cityloop.city.accounts.domain import PUBLIC
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import DomainError, NotAllowed
from tests.business.cases.stories import Walk, received, report, unclassed
from tests.world import SUBDISTRICT, World, cell_code

pytestmark = pytest.mark.django_db


def found(world: World, text: str, who: str = "acceptor", **filters: object) -> list[str]:
    """Numbers that a search finds, newest first."""
    given = {"text": text, **filters}
    page = case_page(world.viewer(who), given, order="received")
    return [row["number"] for row in page.items]


def said(world: World, text: str, n: int = 0, title: str = "情况反映", **given: object) -> str:
    return received(world, n, title=title, text=text, **given).number


def test_words_of_the_text_find_the_case_in_either_language(world: World) -> None:
    lid = said(world, "小区东门的井盖松动，夜里车一过就响，老人睡不着")
    lamp = said(
        world, "Three street lamps near gate No. 6 are broken", title="Lamps", language="en"
    )
    assert found(world, "井盖") == found(world, "井盖松动 老人") == [lid]
    assert found(world, "LAMP broken") == found(world, "ｌａｍｐｓ") == [lamp]
    assert found(world, "6") == [lamp]
    assert found(world, "井盖 broken") == []


def test_title_and_address_are_found_as_the_text_is(world: World) -> None:
    number = said(world, "请尽快处理", title="垃圾成堆", address="永宁路18号院")
    assert found(world, "垃圾") == found(world, "永宁路") == found(world, "18 院") == [number]


def test_a_single_character_alone_is_refused_beside_a_word_it_narrows(world: World) -> None:
    wet = said(world, "路面积水严重")
    said(world, "地下车库积水")
    assert found(world, "积水 路") == [wet]
    with pytest.raises(DomainError, match=r"list\.text_short"):
        found(world, "路")


@pytest.mark.parametrize(
    "text",
    ['"', "'; DROP TABLE cases_case; --", "NEAR(a b)", "a* OR b", "terms:1", "{垃圾}", "(((",
     "-井盖-", "<script>alert(1)</script>", "\x00井盖", "井盖\u202e", "%_%", "😀", "𠮷野",
     "a" * 5000, "垃圾" * 900],
)  # fmt: skip
def test_hostile_words_find_nothing_and_break_nothing(world: World, text: str) -> None:
    said(world, "路灯不亮")
    try:
        assert found(world, text) == []
    except DomainError as refused:
        assert refused.code in {"list.text_short", "list.filter"}
    assert Case.objects.count() == 1


def test_a_number_is_found_by_its_beginning_and_by_its_last_seven_digits(world: World) -> None:
    number = said(world, "路灯不亮")
    assert (
        found(world, number) == found(world, number[:10]) == found(world, number[-7:]) == [number]
    )
    assert found(world, f"…{number[-7:]}") == [number]
    assert found(world, "2019010") == []


def test_nobody_finds_what_they_may_not_know_of(world: World) -> None:
    west, east = said(world, "井盖丢失", 0), said(world, "井盖丢失", 3)
    assert set(found(world, "井盖")) == {west, east}
    assert found(world, "井盖", "community") == [west]
    assert found(world, "井盖", "worker_east") == [east]
    assert found(world, "井盖", "citizen") == found(world, "井盖", "handler") == []
    assert found(world, east, "community") == []


def test_a_department_finds_its_own_cases(world: World) -> None:
    mine = Walk(world, unclassed(world, address="永宁路")).to_handling().case.number
    said(world, "永宁路井盖丢失", 3)
    assert found(world, "永宁", "handler") == [mine]


def test_a_case_that_moved_is_found_at_its_new_place_and_not_at_the_old(world: World) -> None:
    case = unclassed(world, 0, address="永宁路")
    east = world.area(cell_code(3))
    Walk(world, case).step("acceptor", "relocate", area_code=cell_code(3), address="春和街")
    assert found(world, "春和") == found(world, "春和", area=east) == [case.number]
    assert found(world, "永宁路") == []
    assert found(world, "春和", "worker_east") == [case.number]
    assert found(world, "春和", area=world.area(cell_code(0))) == []


def test_words_and_filters_narrow_together(world: World) -> None:
    first, second = said(world, "井盖丢失", channel="grid"), said(world, "井盖松动")
    assert found(world, "井盖", channel="grid") == [first]
    assert set(found(world, "井盖", area=world.area(SUBDISTRICT))) == {first, second}
    assert count_cases(world.viewer("acceptor"), {"text": "井盖"}, most=10) == 2
    assert count_cases(world.viewer("acceptor"), {"text": "井盖"}, most=1) == 1


def test_every_match_is_reached_page_by_page_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = {said(world, f"第{n}次反映井盖") for n in range(9)}
    monkeypatch.setattr(lists, "WINDOW", 2)
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = case_page(
            world.viewer("acceptor"), {"text": "井盖"}, order="due", after=after, limit=2
        )
        seen += [row["number"] for row in page.items]
        after = page.after
    assert sorted(seen) == sorted(numbers)


def test_a_search_asks_the_database_as_often_for_one_row_as_for_three(world: World) -> None:
    viewer = world.viewer("acceptor")
    counts = []
    for _ in range(3):
        said(world, "井盖丢失")
        with CaptureQueriesContext(connection) as queries:
            case_page(viewer, {"text": "井盖"}, order="received")
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_the_index_can_be_built_anew(world: World) -> None:
    number = said(world, "井盖丢失")
    assert rebuild_index() == 1
    assert found(world, "井盖") == [number]


def test_a_batch_enters_the_index_as_single_reports_do(world: World) -> None:
    batch = [report(n % 4, title="批量", text=f"第{n}号井盖丢失") for n in range(20)]
    commands.receive_many(batch, actor=PUBLIC, now=world.now)
    assert len(found(world, "井盖丢失")) == 20


# --- phone ---------------------------------------------------------------------------------------
def by_phone(
    world: World, who: str, phone: str = "138-0000-0001", purpose: str = "回访核实"
) -> list[str]:
    rows = commands.cases_by_phone(phone, purpose=purpose, actor=world.viewer(who), now=world.now)
    return [row["number"] for row in rows]


def test_a_phone_finds_its_reports_and_the_search_is_on_record(world: World) -> None:
    number = said(world, "井盖丢失", reporter=NewReporter(phone="+86 13800000001"))
    said(world, "别人的", reporter=NewReporter(phone="13800000002"))
    assert by_phone(world, "acceptor") == [number]
    entry = Event.objects.get(kind="reporter.searched")
    assert entry.actor_id == world.users["acceptor"].pk
    assert json.loads(entry.data) == {"cases": [Case.objects.get(number=number).pk]}
    assert json.loads(entry.private) == {"phone": "138****0001", "purpose": "回访核实"}


def test_a_search_that_finds_nobody_is_on_record_too(world: World) -> None:
    assert by_phone(world, "operator") == []
    assert json.loads(Event.objects.get(kind="reporter.searched").data) == {"cases": []}


@pytest.mark.parametrize(
    "who", ["dispatcher", "handler", "community", "worker", "citizen", "audit"]
)
def test_whoever_may_not_open_reporters_may_not_search_by_phone(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        by_phone(world, who)
    assert not Event.objects.filter(kind="reporter.searched").exists()


def test_a_phone_needs_a_purpose_and_digits(world: World) -> None:
    with pytest.raises(DomainError, match=r"reporter\.purpose"):
        by_phone(world, "acceptor", purpose="  ")
    with pytest.raises(DomainError, match=r"not_a_phone"):
        by_phone(world, "acceptor", phone="一二三")


def test_an_erased_reporter_is_found_no_more(world: World) -> None:
    from datetime import timedelta

    said(world, "井盖丢失", reporter=NewReporter(phone="13800000001"))
    commands.erase_reporters(now=world.now + timedelta(days=1000))
    assert by_phone(world, "acceptor") == []


def test_who_saw_a_number_is_told_to_security_and_audit_and_is_on_record(world: World) -> None:
    number = said(world, "井盖丢失", reporter=NewReporter(phone="13800000001"))
    said(world, "别人的", n=1, reporter=NewReporter(phone="13800000002"))
    for case in Case.objects.all():
        viewer = world.viewer("operator")
        commands.open_reporter(case, purpose="电话回访核实", actor=viewer, now=world.now)
    by_phone(world, "acceptor")
    by_phone(world, "acceptor", phone="13800000002", purpose="另一个号码")

    shown = who_saw(
        "138-0000-0001", purpose="核查泄露投诉", actor=world.viewer("security"), now=world.now
    )

    assert shown["cases"] == [number]
    rows = {(row["how"], row["by"], row["purpose"], *row["numbers"]) for row in shown["rows"]}
    assert rows == {
        ("opened", "operator", "电话回访核实", number),
        ("searched", "acceptor", "回访核实", number),
    }
    asked = Event.objects.get(kind="reporter.seen_by")
    assert json.loads(asked.private) == {"phone": "138****0001", "purpose": "核查泄露投诉"}


@pytest.mark.parametrize("who", ["acceptor", "district", "system", "analyst"])
def test_who_saw_a_number_is_told_to_nobody_else(world: World, who: str) -> None:
    with pytest.raises(NotAllowed, match=r"reporter\.seen_by"):
        who_saw("13800000001", purpose="只是好奇", actor=world.viewer(who), now=world.now)
    assert not Event.objects.filter(kind="reporter.seen_by").exists()
