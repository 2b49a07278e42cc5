"""Reports become issues; people confirm, remove, split, merge; one case for the cause."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db.models import F
from django.test import Client

from cityloop.ai.hot_issues import live
from cityloop.ai.hot_issues.commands import forget_old, place_new, placing, regroup, regrouping
from cityloop.ai.hot_issues.models import Alike, Issue, Looked, Standing
from cityloop.business.cases import commands as cases
from cityloop.business.cases.domain.values import NewReporter
from cityloop.business.cases.models import Case, Report
from cityloop.business.issues.commands import decide, solve_once
from cityloop.business.issues.queries import alike, issue_page, issues
from cityloop.business.notify.models import StaffNotice
from cityloop.city.accounts.domain import PUBLIC
from cityloop.city.audit.followers import advance_all
from cityloop.city.audit.models import Event
from cityloop.city.jobs.registry import load
from cityloop.city.jobs.run import sequence_all
from cityloop.city.profile import load_profile
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed
from tests.business.cases.stories import report
from tests.world import DISTRICT, World

pytestmark = pytest.mark.django_db
SMOKE = [
    ("永宁小区楼下烧烤店油烟扰民", "永宁小区一楼烧烤店每晚油烟直排，住户无法开窗。"),
    ("永宁小区烧烤店油烟太大", "楼下烧烤店没有烟道，油烟直排进家里，请处理。"),
    ("投诉永宁小区烧烤店深夜油烟", "永宁小区烧烤店营业到凌晨，油烟呛人无法休息。"),
    ("永宁小区烧烤店油烟问题无人管", "多次反映烧烤店油烟直排，至今没有解决。"),
]
OTHERS = [
    ("和平路口路灯不亮", "晚上过马路很危险，已经一周没有人来修。"),
    ("公园健身器材损坏", "单杠螺丝松动，老人锻炼容易摔倒。"),
    ("菜市场门口共享单车乱放", "占了盲道，轮椅过不去。"),
    ("学校门前红绿灯时间太短", "孩子过不了马路，希望延长。"),
]


@pytest.fixture(autouse=True)
def fresh_index() -> None:
    live.forget()


def say(world: World, n: int, words: tuple[str, str], phone: str, at: datetime) -> int:
    given = report(0, title=words[0], text=words[1], reporter=NewReporter(phone=phone))
    del n
    return cases.receive(given, actor=PUBLIC, now=at).case_id


def follow(at: datetime) -> None:
    load()
    sequence_all(now=at)
    advance_all(now=at)


@pytest.fixture
def smoke(world: World) -> list[int]:
    """Four reports of one matter by three people, four of others; placed."""
    ids = []
    for n, words in enumerate(SMOKE):
        ids.append(say(world, n, words, f"1380000000{min(n, 2)}", world.now + timedelta(hours=n)))
        say(world, n, OTHERS[n], f"1390000000{n}", world.now + timedelta(hours=n))
    at = world.now + timedelta(hours=6)
    follow(at)
    assert place_new(now=at) == 8
    return ids


def the_issue() -> Issue:
    return Issue.objects.get(state__in=["open", "confirmed"], reports__gte=3)


def members(issue: Issue) -> set[int]:
    return set(issue.members.values_list("case_id", flat=True))


def test_reports_of_one_matter_become_one_issue_with_its_figures(
    world: World, smoke: list[int]
) -> None:
    issue = the_issue()
    assert members(issue) == set(smoke)
    assert (issue.reports, issue.persons, issue.unsolved) == (4, 3, 4)
    assert "烧烤店" in "".join(issue.words) and issue.lon is not None
    shown = issues(world.viewer("acceptor"))["items"]
    assert [i["id"] for i in shown] == [issue.pk]


def test_who_reported_is_nowhere_but_counted(world: World, smoke: list[int]) -> None:
    stored = str(list(Looked.objects.values()))
    assert "138000000" not in stored and "139000000" not in stored
    assert Looked.objects.exclude(sender="").count() == 8
    page = issue_page(world.viewer("acceptor"), the_issue().pk)
    assert not {"sender", "phone", "reporter"} & set(page["members"][0])


def test_an_analyst_sees_no_small_count_of_persons(world: World, smoke: list[int]) -> None:
    assert issues(world.viewer("analyst"))["items"][0]["persons"] is None
    assert issues(world.viewer("district"))["items"][0]["persons"] == 3


def test_confidential_reports_are_not_read(world: World) -> None:
    cases.receive(report(0, confidential=True), actor=PUBLIC, now=world.now)
    follow(world.now)
    assert not Looked.objects.exists()


def test_the_desk_sees_what_a_new_report_is_probably_the_same_as(
    world: World, smoke: list[int]
) -> None:
    case = Case.objects.get(pk=smoke[1])
    found = alike(world.viewer("acceptor"), case.number)
    first = Case.objects.get(pk=smoke[0])
    assert [i["number"] for i in found["items"]] == [first.number]
    said = found["items"][0]
    assert said["metres"] == 0 and said["hours"] == 1.0 and "烧烤店" in "".join(said["words"])
    assert found["issue"]["reports"] == 4
    assert not Alike.objects.filter(case_id=smoke[0]).exists()  # nothing came before it


def test_a_report_by_another_person_is_never_told_of(world: World, smoke: list[int]) -> None:
    with pytest.raises(NotAllowed):
        alike(world.viewer("citizen"), Case.objects.get(pk=smoke[1]).number)


def test_attached_reports_follow_the_case_they_went_into(world: World, smoke: list[int]) -> None:
    target = Case.objects.get(pk=smoke[0])
    at = world.now + timedelta(hours=7)
    cases.move(smoke[1], "merge", actor=world.viewer("acceptor"), now=at,
               target=target.number, reason="同一问题")  # fmt: skip
    follow(at)
    assert Looked.objects.get(case_id=smoke[1]).is_open
    Case.objects.filter(pk=smoke[0]).update(state="closed")
    cases.move(smoke[0], "comment", actor=world.viewer("acceptor"), now=at, text="已结案")
    from cityloop.business.cases.facts import case_standing

    assert [s[0] for s in case_standing([smoke[0]]).values()] == [False, False]


def test_what_a_person_removed_stays_out_after_the_night(world: World, smoke: list[int]) -> None:
    issue, viewer = the_issue(), world.viewer("acceptor")
    out = Looked.objects.get(case_id=smoke[3]).report_id
    decide(issue.pk, "remove", actor=viewer, now=world.now, report_ids=[out])
    regroup(now=world.now + timedelta(days=1))
    assert members(the_issue()) == set(smoke[:3]) and the_issue().pk == issue.pk
    assert Looked.objects.get(report_id=out).issue_id != issue.pk


def test_what_a_person_put_together_stays_together(world: World, smoke: list[int]) -> None:
    issue, viewer = the_issue(), world.viewer("dispatcher")
    rows = list(issue.members.order_by("received_at"))
    part = [r.report_id for r in rows[2:]]
    other = decide(issue.pk, "split", actor=viewer, now=world.now, report_ids=part)
    regroup(now=world.now + timedelta(days=1))
    assert set(other.members.values_list("report_id", flat=True)) == set(part)
    assert issue.members.count() == 2
    back = decide(other.pk, "merge", actor=viewer, now=world.now, into=issue.pk)
    assert back.pk == issue.pk and back.reports == 4
    regroup(now=world.now + timedelta(days=2))
    assert issue.members.count() == 4
    with pytest.raises(Conflict):
        decide(other.pk, "confirm", actor=viewer, now=world.now)


def test_a_new_report_joins_the_issue_that_is_known(world: World, smoke: list[int]) -> None:
    issue = the_issue()
    decide(issue.pk, "confirm", actor=world.viewer("acceptor"), now=world.now)
    at = world.now + timedelta(days=1)
    new = say(
        world, 0, ("永宁小区烧烤店油烟又来了", "昨晚烧烤店油烟直排到半夜。"), "13800000009", at
    )
    follow(at)
    place_new(now=at)
    assert new in members(the_issue()) and the_issue().pk == issue.pk
    assert the_issue().state == "confirmed"


def test_solving_once_opens_a_case_and_takes_the_others_in(world: World, smoke: list[int]) -> None:
    issue, viewer = the_issue(), world.viewer("acceptor")
    at = world.now + timedelta(hours=8)
    done = solve_once(issue.pk, title="永宁小区烧烤店油烟综合治理", text="", actor=viewer, now=at)
    cause = Case.objects.get(number=done.number)
    assert len(done.merged) == 4 and not done.left
    assert {c.pk for c in Case.objects.filter(merged_into=cause)} == set(smoke)
    assert cause.report_count == 5
    issue.refresh_from_db()
    assert (issue.cause_number, issue.state) == (done.number, "confirmed")
    with pytest.raises(Conflict) as error:
        solve_once(issue.pk, title="再来一次", text="", actor=viewer, now=at)
    assert error.value.code == "issue.has_cause"


def test_who_may_not_is_refused_and_bad_choices_are_explained(
    world: World, smoke: list[int]
) -> None:
    issue = the_issue()
    for who in ("handler", "citizen", "worker"):
        with pytest.raises(NotAllowed):
            issues(world.viewer(who))
    with pytest.raises(NotAllowed):
        decide(issue.pk, "confirm", actor=world.viewer("analyst"), now=world.now)
    with pytest.raises(DomainError) as error:
        decide(issue.pk, "remove", actor=world.viewer("acceptor"), now=world.now, report_ids=[0])
    assert error.value.code == "issue.not_member"
    with pytest.raises(Conflict):
        everything = list(issue.members.values_list("report_id", flat=True))
        decide(issue.pk, "split", actor=world.viewer("acceptor"), now=world.now,
               report_ids=everything)  # fmt: skip


def a_loud_week(world: World) -> datetime:
    """Five more reports within the week, and what the worker makes of them."""
    at = world.now + timedelta(hours=10)
    for n in range(4):
        say(world, n, (f"永宁小区烧烤店油烟第{n}晚", "烧烤店油烟直排。"), f"1370000000{n}", at)
    follow(at)
    place_new(now=at)
    assert the_issue().alarm == "growth"
    say(world, 0, ("永宁小区烧烤店油烟不停", "烧烤店油烟直排。"), "13600000000", at)
    follow(at)
    place_new(now=at)
    follow(at)
    return at


def test_an_alarm_is_told_once_to_those_of_its_area_with_reason_and_link(
    world: World, smoke: list[int]
) -> None:
    at = a_loud_week(world)
    alarm = Event.objects.get(kind="issue.alarm")
    assert json.loads(alarm.data)["district"] == world.area(DISTRICT)
    told = StaffNotice.objects.select_related("user").order_by("pk")
    names = {name for name, user in world.users.items() if user.pk in {t.user_id for t in told}}
    assert names == {"dispatcher", "analyst", "community", "subdistrict", "district"}
    one = told[0]
    assert (one.kind, one.link) == ("issue.alarm", f"/issues/{the_issue().pk}/")
    assert "比前 7 天多 8 件" in one.text_zh and "8 more than in the 7 before" in one.text_en

    regroup(now=at + timedelta(hours=8))  # still as loud: nobody is told again
    follow(at + timedelta(hours=8))
    assert told.count() == 5


def test_nobody_is_told_where_the_city_switched_it_off(
    world: World, smoke: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(load_profile().settings, "notices", {"staff": ["model.stopped"]})
    a_loud_week(world)
    assert Event.objects.filter(kind="issue.alarm").exists() and not StaffNotice.objects.exists()


def test_the_night_counts_issues_anew_that_lost_reports_long_ago(
    world: World, smoke: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures do not wait for a new report, however old the issue is."""
    issue = the_issue()
    later = world.now + timedelta(days=200)
    Looked.objects.update(is_open=False)
    Issue.objects.update(unsolved=0)
    monkeypatch.setattr(regrouping, "find_issues", lambda rows, **_: np.full(len(rows.titles), -1))
    regroup(now=later)
    issue.refresh_from_db()
    assert (issue.state, issue.reports) == ("ended", 0)


def test_a_failed_batch_leaves_nothing_half_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(world, 0, SMOKE[0], "13800000000", world.now)
    say(world, 1, SMOKE[1], "13800000001", world.now)
    follow(world.now)
    where = "cityloop.ai.hot_issues.commands.placing.refresh"

    def broken(*given: Any, **named: Any) -> None:
        raise RuntimeError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(where, broken)
        with pytest.raises(RuntimeError):
            place_new(now=world.now)
    assert not Issue.objects.exists() and Looked.objects.filter(placed=False).count() == 2
    assert place_new(now=world.now) == 2
    assert Issue.objects.count() == 1


def test_a_decision_made_meanwhile_is_followed_and_nothing_placed_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(world, 0, SMOKE[0], "13800000000", world.now)
    say(world, 1, SMOKE[1], "13800000001", world.now)
    follow(world.now)
    compared, times = placing._compared, []

    def and_somebody_decides(*given: Any) -> Any:
        ready = compared(*given)
        if not times:
            Standing.objects.filter(pk=1).update(revision=F("revision") + 1)
        times.append(1)
        return ready

    monkeypatch.setattr(placing, "_compared", and_somebody_decides)
    assert place_new(now=world.now) == 2
    assert len(times) == 2  # compared again with what the person left
    assert Issue.objects.get().reports == 2 and place_new(now=world.now) == 0


def test_old_texts_that_hang_on_nothing_are_deleted(world: World, smoke: list[int]) -> None:
    assert forget_old(now=world.now + timedelta(days=1_100)) == 4
    assert Looked.objects.count() == 4 and Report.objects.count() == 8
    assert not Looked.objects.exclude(sender="").exists()


def test_the_doors(world: World, smoke: list[int], client: Client) -> None:
    client.force_login(world.users["acceptor"])
    found = client.get("/api/v1/issues").json()
    number = found["items"][0]["id"]
    assert found["decides"] is True
    page = client.get(f"/api/v1/issues/{number}").json()
    assert len(page["members"]) == 4
    again = client.post(f"/api/v1/issues/{number}/confirm", {"note": "属实"},
                        content_type="application/json").json()  # fmt: skip
    assert again["state"] == "confirmed" and again["decisions"][0]["note"] == "属实"
    case = Case.objects.get(pk=smoke[1])
    assert client.get(f"/api/v1/issues/alike/{case.number}").json()["items"]
    solved = client.post(f"/api/v1/issues/{number}/cause/open", {"title": "油烟治理"},
                         content_type="application/json").json()  # fmt: skip
    assert len(solved["merged"]) == 4
