"""Any walk through the move table, by anybody, with the clock jumping: what must always hold.

Hypothesis draws the walks. Every example runs in a savepoint of one small city and is undone.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from cityloop.business.appraisal.receivers import count as count_figures
from cityloop.business.cases import commands
from cityloop.business.cases.domain import FINAL_STATES, MOVES, TASK_FINAL, State
from cityloop.business.cases.domain.values import Part
from cityloop.business.cases.models import Approval, Case, Photo, Report, Task
from cityloop.business.cases.rules import allowed_moves
from cityloop.business.catalogue.queries import catalogue
from cityloop.city.accounts.domain import PUBLIC, SYSTEM, Viewer
from cityloop.city.audit.commands import sequence
from cityloop.city.audit.followers import Follower, advance
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import DomainError
from tests.business.appraisal import recount
from tests.business.cases.histories import fault_of
from tests.business.cases.stories import report
from tests.world import PEOPLE, World, cell_code, centre

pytestmark = pytest.mark.django_db

LEADS = ("urban", "sanitation", "landscaping")
CLASSES = ("E0111", "E0112", "E0401")
LONG_WALKS, MOST_WALKS, LONG_STEPS = 7, 12, 150
BY_ITSELF = {"join", "lapse"}  # made by the platform, on the way of other moves
WAITS_MIN = (1, 13, 45, 130, 600, 1500, 6000, 30000)
OPEN_APPROVAL = ("asked", "first")
FOLLOWER = Follower("figures", count_figures, 2000)
MOVED: Counter[str] = Counter()
pick = st.integers(0, 10_000)


class Loop(RuleBasedStateMachine):
    """Several cases, everybody who works on them, one clock."""

    world: ClassVar[World]
    viewers: ClassVar[dict[str, Viewer]]
    conditions: ClassVar[list[int]]
    seeks_the_rare = False

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = self.world.now
        self.keys: dict[int, str] = {}
        self.at_state: dict[int, str] = {}
        self.seen = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
        self.late: set[int] = set()
        self.paused: dict[tuple[int, str, datetime], float] = {}

    def teardown(self) -> None:
        try:
            self.figures_equal_a_recount()
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # --- what people do ---------------------------------------------------------------------------
    @initialize(first=st.integers(0, 3), second=st.integers(0, 3))
    def begin(self, first: int, second: int) -> None:
        self._receive(first, "")
        self._receive(second, "")

    @rule(n=st.integers(0, 3), key=st.sampled_from(("", *CLASSES)))
    def receive(self, n: int, key: str) -> None:
        if Case.objects.filter(ended_at=None).count() < 4:
            self._receive(n, key)

    def _receive(self, n: int, key: str) -> None:
        words = {} if key else {"title": "嗯", "text": "嗯嗯"}
        citizen = self.viewers["citizen"]
        answer = commands.receive(report(n, class_key=key, **words), actor=citizen, now=self.now)
        self.keys[answer.case_id] = answer.follow_key or ""
        kinds = [e["kind"] for e in self._new_events()]
        assert kinds in (
            ["case.receive"],
            ["case.receive", "case.file"],
            ["case.receive", "case.file", "case.dispatch"],
        )

    @rule(which=pick, who=pick, what=pick, how=pick, minutes=st.sampled_from((0, 1, 7)))
    def make_a_move_that_is_offered(
        self, which: int, who: int, what: int, how: int, minutes: int
    ) -> None:
        self.now += timedelta(minutes=minutes)
        case = self._pick(which)
        offers = self._offers(case)
        names = sorted(offers.keys() - (ASIDE if what % 6 else set()))
        if names:
            if self.seeks_the_rare:
                names = sorted(names, key=lambda n: (MOVED[n], n))[:2]
            name = _one(names, what)
            actor = _one(offers[name], who)
            self._try(case, name, actor, self._bring(case, name, how), may_fail=False)

    @rule(which=pick, steps=st.integers(1, 9), how=pick)
    def go_on(self, which: int, steps: int, how: int) -> None:
        """The usual way forward, so that walks get far."""
        for step in range(steps):
            case = self._pick(which)
            self.now += timedelta(minutes=3)
            offers = self._offers(case)
            for name in FORWARD.get(case.state, ()):
                for actor in offers.get(name, []):
                    brought = self._bring(case, name, how + step)
                    self._try(case, name, actor, brought, may_fail=False)
                    case.refresh_from_db()
                    offers = self._offers(case)

    @rule(which=pick, name=st.sampled_from(sorted(MOVES)), who=pick, how=pick, bare=st.booleans())
    def try_any_move(self, which: int, name: str, who: int, how: int, bare: bool) -> None:
        """Mostly the wrong person, the wrong moment, or without what it needs."""
        case = _one(self._cases(), which)
        actor = _one([PUBLIC, SYSTEM, *self.viewers.values()], who)
        self._try(case, name, actor, {} if bare else self._bring(case, name, how), may_fail=True)

    @rule(which=pick, who=pick, grant=st.sampled_from((True, True, True, False)))
    def decide(self, which: int, who: int, grant: bool) -> None:
        waiting = list(Approval.objects.filter(state__in=OPEN_APPROVAL).order_by("pk"))
        if not waiting:
            return
        approval = _one(waiting, which)
        usual = "dispatcher" if approval.state == "asked" else "district"
        actor = self.viewers[usual if who % 4 else _one(sorted(self.viewers), who)]
        given = {"reason": "据实", "actor": actor, "now": self.now}
        before = self._picture()
        try:
            commands.decide(approval.pk, grant, **given)
        except DomainError:
            self._nothing_happened(before)
            return
        [event] = self._new_events()
        kind = event["kind"].removeprefix(f"case.{approval.kind}_")
        MOVED[event["kind"].removeprefix("case.")] += 1
        assert kind in {"first", "granted", "refused"}

    @rule(minutes=st.sampled_from(WAITS_MIN), rings=st.integers(1, 4))
    def time_passes(self, minutes: int, rings: int) -> None:
        """The worker rings what is due, perhaps only after a long stand-still."""
        self.now += timedelta(minutes=minutes)
        for _ in range(rings):
            rung = commands.ring_due(now=self.now)
            events = self._new_events()
            assert len(events) == rung, [e["kind"] for e in events]

    # --- what must hold after each of it ----------------------------------------------------------
    @invariant()
    def everything_holds(self) -> None:
        cases = self._cases()
        self.no_case_is_stuck(cases)
        self.tasks_agree_with_their_case(cases)
        self.clocks_are_kept(cases)

    def no_case_is_stuck(self, cases: list[Case]) -> None:
        for case in cases:
            assert case.stage_started_at <= self.now, case
            if State(case.state) in FINAL_STATES:
                assert (case.owner_role, case.timer_at, case.timer_kind) == ("", None, ""), case
                assert case.ended_at is not None
                continue
            assert case.owner_role, case
            assert case.timer_at is not None, case
            assert case.timer_kind, case
            assert case.due_at is not None, case
            if case.state == State.SPLIT:
                assert Case.objects.filter(parent=case, ended_at=None).exists(), "waits for nobody"

    def tasks_agree_with_their_case(self, cases: list[Case]) -> None:
        finals = {s.value for s in TASK_FINAL}
        live: dict[int, list[Task]] = {}
        for task in Task.objects.all():
            if task.state in finals:
                assert (task.timer_at, task.timer_kind) == (None, ""), task
                assert task.ended_at is not None
                continue
            live.setdefault(task.case_id, []).append(task)
            assert (task.timer_at is None) == (task.state == "suspended"), task
            assert (task.state == "sent") <= (task.responded_at is None), task
            assert (task.state == "accepted") <= (task.responded_at is not None), task
        for case in cases:
            here = live.get(case.pk, [])
            if case.state in {"dispatched", "handling", "suspended"}:
                assert here, f"nobody works on {case} ({case.state})"
                assert sum(t.part == "lead" for t in here) <= 1, case
                assert len({t.department_id for t in here}) == len(here), case
            else:
                assert not here, f"{case} is {case.state} and has open tasks"

    def clocks_are_kept(self, cases: list[Case]) -> None:
        for case in cases:
            if case.late_ever:
                self.late.add(case.pk)
            assert case.late_ever or case.pk not in self.late, "an overdue mark was lost"
            if case.state not in {"verifying", "suspended"}:
                continue
            assert case.paused_left_s is not None, f"{case}: what was left of the clock is lost"
            # A case may stand again later, with another rest of its clock: that is another stage.
            stage = (case.pk, case.state, case.stage_started_at)
            left = self.paused.setdefault(stage, case.paused_left_s)
            assert left == case.paused_left_s, f"{case}: a standing clock moved"
            self._nothing_negative(case)

    def _nothing_negative(self, case: Case) -> None:
        """What was left never exceeds the time there was: used time is not negative."""
        assert case.handle_due_at is not None
        assert case.dispatched_at is not None
        whole = (case.handle_due_at - case.dispatched_at).total_seconds()
        assert case.paused_left_s is not None
        assert case.paused_left_s <= max(whole, 0) + 1e-6, (case, case.paused_left_s, whole)

    @rule()
    def count(self) -> None:
        self.figures_equal_a_recount()

    def figures_equal_a_recount(self) -> None:
        while sequence():
            pass
        while advance(FOLLOWER, now=self.now):
            pass
        assert recount.differences() == []
        assert recount.milestones() == []
        less = {k for k, n in recount.stored().items() if n < 0}
        assert not {key for key in less if not key[-1].startswith("net:")}, "a growth may shrink"

    # --- tools ------------------------------------------------------------------------------------
    def _cases(self) -> list[Case]:
        return list(Case.objects.order_by("pk"))

    def _pick(self, which: int) -> Case:
        """Mostly an open case, sometimes one that has ended."""
        rows = list(Case.objects.order_by("pk").values_list("pk", "ended_at", "state"))
        still = [row for row in rows if row[1] is None or row[2] == "handling"]
        return Case.objects.get(pk=_one(still if still and which % 8 else rows, which // 8)[0])

    def _offers(self, case: Case) -> dict[str, list[Viewer]]:
        """The moves that are offered, and to whom."""
        tasks = list(Task.objects.filter(case=case))
        mine = Report.objects.filter(case=case).exists()
        offers: dict[str, list[Viewer]] = {}
        for who, viewer in self.viewers.items():
            is_reporter = mine and who == "citizen"
            for name in allowed_moves(viewer, case, tasks, is_reporter=is_reporter):
                offers.setdefault(name, []).append(viewer)
        return offers

    def _bring(self, case: Case, name: str, how: int) -> dict[str, Any]:
        """Everything any move could need."""
        lon, lat = centre(how % 4)
        lead = LEADS[how % 2]
        numbers = Case.objects.exclude(pk=case.pk).order_by("pk").values_list("number", flat=True)
        others = list(numbers)
        photo = Photo.objects.create(
            case=case, stage="after", width=1, height=1, added_at=self.now, added_by=1
        )
        parts = [Part(f"第{i}项", _one(self.conditions, how + i), LEADS[i]) for i in range(2)]
        everything: dict[str, Any] = {
            "reason": "情况如此",
            "text": "已经办了",
            "photo_ids": (photo.pk,),
            "condition_id": _one(self.conditions, how),
            "lead": lead,
            "co": () if how % 3 and name != "add_co" else (LEADS[(how + 1) % 2],),
            "target": _one(others, how) if others else "",
            "until": self.now + timedelta(days=1 + how % 40),
            "parts": tuple(parts),
            "responded": (None, True, False)[how % 3],
            "solved": how % 2 == 0,
            "satisfied": (None, True, False)[how % 3],
            "closing": "条件已满足",
            "urgency": ("normal", "urgent", "emergency")[how % 3],
        }
        if how % 5 == 0 or name in {"relocate", "file"}:
            everything |= {"lon": lon, "lat": lat}
        if how % 7 == 0:
            everything |= {"area_code": cell_code(how % 4)}
        return everything

    def _try(
        self, case: Case, name: str, actor: Viewer, given: dict[str, Any], *, may_fail: bool
    ) -> None:
        before = self._picture()
        if actor is PUBLIC or actor.user_id == self.viewers["citizen"].user_id:
            given = {**given, "follow_key": self.keys.get(case.pk, "")}
        try:
            commands.move(case.pk, name, actor=actor, now=self.now, **given)
        except DomainError as error:
            assert may_fail or error.code in OFFERED_YET_REFUSED, (name, error)
            assert error.en and error.zh
            self._nothing_happened(before)
            return
        MOVED[name] += 1
        events = self._new_events()
        own = [e for e in events if e["kind"] == f"case.{name}" and e["case"] == case.pk]
        assert len(own) == 1, (name, [e["kind"] for e in events])
        others = {e["kind"].removeprefix("case.") for e in events if e not in own}
        assert others <= CARRIED_ALONG.get(name, set()), (name, others)

    def _picture(self) -> list[Any]:
        """The rows as the database has them: nothing is lost or made alike by reading."""
        found = []
        with connection.cursor() as cursor:
            for model in (Case, Task, Approval):
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY id')
                found.append(cursor.fetchall())
        return found

    def _nothing_happened(self, before: list[Any]) -> None:
        assert not self._new_events()
        assert self._picture() == before

    def _new_events(self) -> list[dict[str, Any]]:
        """The events since the last look; each goes on where the one before left the case."""
        rows = Event.objects.filter(id__gt=self.seen, subject_type="case").order_by("id")
        found = []
        for pk, kind, text in rows.values_list("id", "kind", "data"):
            data, self.seen = json.loads(text), pk
            found.append({"kind": kind, "case": data["case"]})
            assert data["from"] == self.at_state.get(data["case"], ""), (kind, data)
            assert not fault_of(kind, data["from"], data["to"])
            self.at_state[data["case"]] = data["to"]
        if found:
            assert dict(Case.objects.values_list("pk", "state")) == self.at_state
        return found


# The usual next move of each state; a department answers before it reports a result.
FORWARD = {
    "reported": ("file",),
    "checking": ("confirm",),
    "filed": ("dispatch",),
    "dispatched": ("accept",),
    "handling": ("accept", "finish"),
    "suspended": ("resume",),
    "verifying": ("pass",),
    "verified": ("close",),
    "closed": ("rate",),
}
ASIDE = {"comment", "urge", "relocate", "reclassify", "prioritise", "add_co"}
# What the people's own list of moves cannot know beforehand.
OFFERED_YET_REFUSED = {
    "co.at_work", "task.accepted_before", "task.not_accepted", "task.none", "merge.bad_target",
    "merge.unknown_target", "move.needs", "extension.overdue", "extension.used_up",
    "extension.waiting", "suspension.used_up", "suspension.waiting", "appeal.not_late",
    "appeal.used_up", "appeal.waiting", "case.reopen_late", "case.reopen_child",
    "case.wrong_state", "case.not_yours", "task.which",
}  # fmt: skip
CARRIED_ALONG = {
    "merge": {"absorb", "join"},
    "split": {"branch", "dispatch"},
    "close": {"join"},
}


def _one(of: Any, n: int) -> Any:
    rows = list(of)
    return rows[n % len(rows)]


@pytest.fixture
def loop(world: World) -> type[Loop]:
    """The machine, with its city."""
    Loop.world = world
    Loop.viewers = {name: world.viewer(name) for name, *_ in PEOPLE}
    known = catalogue().classes
    Loop.conditions = [c.id for key in CLASSES for c in known[key].conditions[:2]]
    return Loop


def test_any_walk_keeps_owner_timer_trace_clocks_and_figures(loop: type[Loop]) -> None:
    run_state_machine_as_test(
        loop,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_long_walks_make_every_move_and_keep_all_of_it(loop: type[Loop]) -> None:
    """Hypothesis prefers short walks, which it can shrink; these are long."""
    MOVED.clear()
    for seed in range(MOST_WALKS):
        if seed >= LONG_WALKS and not _never_made():
            break
        walk, dice = loop(), random.Random(seed)
        walk.seeks_the_rare = seed % 2 == 0
        try:
            walk.begin(seed % 4, (seed + 1) % 4)
            for _ in range(LONG_STEPS):
                _any_step(walk, dice)
                walk.everything_holds()
        finally:
            walk.teardown()
    # A table of moves of which some were never made would prove little; chance may need more walks.
    assert not _never_made(), f"never made: {sorted(_never_made())}; made: {MOVED}"


def _never_made() -> set[str]:
    granted = {"extension_granted", "suspension_granted", "appeal_granted"}
    return (set(MOVES) | granted) - BY_ITSELF - set(MOVED)


def _any_step(walk: Loop, dice: random.Random) -> None:
    a, b, c, d = (dice.randrange(10_000) for _ in range(4))
    kind = dice.random()
    if kind < 0.12:
        walk.receive(a % 4, ("", "", *CLASSES)[b % 5])
    elif kind < 0.55:
        walk.make_a_move_that_is_offered(a, b, c, d, dice.choice((0, 1, 7)))
    elif kind < 0.65:
        walk.go_on(a, 1 + b % 3, c)
    elif kind < 0.75:
        walk.try_any_move(a, dice.choice(sorted(MOVES)), b, c, dice.random() < 0.3)
    elif kind < 0.9:
        walk.decide(a, b, dice.random() < 0.8)
    else:
        walk.time_passes(dice.choice(WAITS_MIN), 1 + a % 4)
