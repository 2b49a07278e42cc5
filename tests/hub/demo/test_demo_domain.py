"""The made-up people: the same each time, in time most of the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cityloop.city.accounts.domain import Role
from cityloop.hub.demo.domain.behaviour import next_act
from cityloop.hub.demo.domain.dice import Dice
from cityloop.hub.demo.domain.facts import Act, Facts, TaskFacts
from cityloop.hub.demo.domain.people import doors, shifts, staff
from cityloop.hub.demo.domain.stories import Example, Spot, split_examples, stories_of_day

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)
COMMUNITIES = ["990100001001", "990100001002"]
EXAMPLES = [Example("E0101", f"路边有人占道摆摊，已经是第{n}天了") for n in range(8)]
SPOTS = [Spot("晴溪大街", 116.9, 39.1), Spot("宜悦园", 116.91, 39.1)]


def people() -> list:
    return staff(
        7, district="990100", subdistrict="990100001", communities=COMMUNITIES,
        departments=["urban", "water"],
    )  # fmt: skip


def facts(**changed: object) -> Facts:
    base = Facts(
        case_id=1, number="1", key="20260316-001", state="reported", version=1, channel="citizen",
        since=NOON, due_at=NOON + timedelta(minutes=15), timer_at=None, alert="", urged=0,
        class_key="E0101", truth="E0101", repeats="", placed=True, has_class=True, returns=0,
        rounds=0, is_child=False, late_ever=False, exempt=False, suspensions=0, evidence=True,
        owner_user_id=None, lead_id=4, closed_at=None, areas=(1, 2), reporter_id=9,
    )  # fmt: skip
    return replace(base, **changed)


def task(**changed: object) -> TaskFacts:
    base = TaskFacts(
        1, 4, "lead", 1, NOON, NOON + timedelta(hours=2), None, None, NOON + timedelta(days=2), None
    )
    return replace(base, **changed)


def test_dice_asked_again_answer_the_same() -> None:
    one, other = Dice(7, "a"), Dice(7, "a")
    one.between("x", 0, 1)  # a question in between changes nothing

    assert one.pick("y", range(1000)) == other.pick("y", range(1000))
    assert one.pick("y", range(1000)) != Dice(8, "a").pick("y", range(1000))


def test_stories_of_equal_seed_are_equal() -> None:
    midnight = datetime(2026, 3, 16, tzinfo=ZONE)
    given = {"per_day": 20.0, "examples": EXAMPLES, "spots": SPOTS}

    first = stories_of_day(midnight, seed=7, **given)

    assert first == stories_of_day(midnight, seed=7, **given)
    assert first != stories_of_day(midnight, seed=8, **given)
    assert [s.at for s in first] == sorted(s.at for s in first)
    assert 12 <= len(first) <= 30


def test_split_examples_share_no_text() -> None:
    learn, report = split_examples(EXAMPLES)

    assert not {e.text for e in learn} & {e.text for e in report}
    assert len(report) == 2


def test_shifts_cover_every_moment_of_a_week() -> None:
    spans = list(shifts(people(), date(2026, 3, 15), 9, ZONE))
    moments = [datetime(2026, 3, 16, tzinfo=ZONE) + timedelta(minutes=30 * n) for n in range(336)]

    on_duty = [sum(start <= at < end for _, start, end in spans) for at in moments]

    assert min(on_duty) >= 1
    by_day = [n for at, n in zip(moments, on_duty, strict=True) if 7 <= at.hour < 22]
    assert min(by_day) >= len(COMMUNITIES)


def test_doors_open_for_every_role_once() -> None:
    found = doors("990100", "990100001", COMMUNITIES[0], ["urban"])

    assert sorted(d.person.role for d in found) == sorted(Role)
    assert not {d.person.username for d in found} & {p.username for p in people()}


@pytest.mark.parametrize(
    ("state", "who"),
    [("reported", "acceptor"), ("filed", "dispatcher"), ("verifying", "worker"),
     ("verified", "acceptor"), ("checking", "worker")],
)  # fmt: skip
def test_next_act_of_a_stage_is_done_by_its_owner(state: str, who: str) -> None:
    act = next_act(facts(state=state, channel="hotline"), seed=7, zone=ZONE)

    assert act is not None
    assert act.who == who
    assert act.at > NOON


def test_next_act_of_a_wrong_class_is_mostly_a_return() -> None:
    names = [
        next_act(
            facts(key=f"k{n}", state="dispatched", truth="C0101", tasks=(task(),)), seed=7,
            zone=ZONE,
        ).name
        for n in range(60)
    ]  # fmt: skip

    assert 40 <= names.count("return") < 60


def test_results_are_on_time_most_of_the_time() -> None:
    taken = task(responded_at=NOON + timedelta(minutes=40), fed_back_at=NOON)
    acts = [
        next_act(facts(key=f"k{n}", state="handling", tasks=(taken,)), seed=7, zone=ZONE)
        for n in range(200)
    ]
    finished = [a for a in acts if a.name == "finish"]

    late = [a for a in finished if a.at > taken.handle_due_at]

    assert 0 < len(late) < 0.15 * len(finished)
    assert all(a.waits_until == taken.handle_due_at for a in late)


def test_due_at_faster_people_act_sooner_but_late_ones_stay_late() -> None:
    quick = Act("close", NOON + timedelta(hours=1), "acceptor")
    late = Act(
        "close", NOON + timedelta(hours=1), "acceptor", waits_until=NOON + timedelta(minutes=30)
    )

    assert quick.due_at(NOON, speed=60) == NOON + timedelta(minutes=1)
    assert late.due_at(NOON, speed=60) == NOON + timedelta(minutes=30, seconds=30)


def test_final_states_want_nothing() -> None:
    assert next_act(facts(state="rejected"), seed=7, zone=ZONE) is None
