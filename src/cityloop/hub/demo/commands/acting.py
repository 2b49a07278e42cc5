"""Carrying out what somebody decided, by the same commands as every person's click."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cityloop.business.cases.commands import add_photo, decide, move
from cityloop.business.cases.domain.values import Part
from cityloop.business.catalogue.queries import catalogue
from cityloop.city.accounts.domain import Role, Viewer
from cityloop.city.profile import load_profile
from cityloop.hub.demo.commands.cast import Cast, condition_for
from cityloop.hub.demo.domain.dice import Dice
from cityloop.hub.demo.domain.facts import Act, Facts
from cityloop.hub.demo.pictures import synthetic_photo
from cityloop.hub.demo.queries import Observer
from cityloop.kernel.errors import DomainError

log = logging.getLogger(__name__)
FALLBACK = "subdistrict"
TOLD = (
    "已到现场查看，正在安排处理。",
    "人员和材料已到位，预计按期完成。",
    "已联系相关单位，正在协调。",
)
DONE = (
    "已处置完毕，现场恢复正常。",
    "已按要求处理完成，见处置后照片。",
    "问题已解决，并已告知反映人。",
)
WORDS: Mapping[str, tuple[str, ...]] = {
    "urge": ("已超时，请抓紧办理并说明原因。", "群众等待时间较长，请今日内办结。"),
}


@lru_cache(maxsize=1)
def _reasons() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in load_profile().rows("reasons.csv"):
        found.setdefault(row["move"], []).append(row["zh"])
    return found


class Stage:
    """Where acts are carried out."""

    def __init__(self, cast: Cast, observer: Observer) -> None:
        self.cast = cast
        self.observer = observer

    def perform(self, act: Act, facts: Facts, *, now: datetime) -> Facts | None:
        """Carry out one act; the case afterwards, None when it was refused (which is logged)."""
        try:
            if act.approval is not None:
                self._decide(act, facts, now)
                return self.observer.facts_of([facts.case_id])[0]
            if act.name.startswith("ask_"):
                self.observer.expect_request(facts.case_id)
            actor, given = self._prepared(act, facts, now)
            case = move(facts.case_id, act.name, actor=actor, now=now, **given)
            return self.observer.facts_of_case(case)
        except DomainError as error:
            log.warning("Case %s: %s was refused: %s", facts.number, act.name, error.en)
            return None

    def _decide(self, act: Act, facts: Facts, now: datetime) -> None:
        request = act.approval
        if request is None:
            return
        grant = bool(act.given["grant"])
        reason = "情况属实，同意。" if grant else "理由不充分，请按期办结。"
        actor = self.cast.decider(request, f"{facts.key}{request.kind}")
        decide(request.id, grant, reason=reason, actor=actor, now=now)

    def _prepared(self, act: Act, facts: Facts, now: datetime) -> tuple[Viewer, dict[str, Any]]:
        given = _GIVEN.get(act.name, _nothing)(self, act, facts, now)
        return self._actor(act, facts), given

    def _actor(self, act: Act, facts: Facts) -> Viewer:
        what = f"{facts.key}{act.name}{facts.version}"
        if act.task is not None:
            lead = act.name.startswith("ask_")
            return self.cast.unit(act.task.department_id, what, lead=lead)
        if act.who == "worker":
            return self.cast.worker(facts)
        if act.who == "supervisor":
            return self.cast.supervisor(facts)
        if act.who == "lead" and facts.lead_id is not None:
            return self.cast.unit(facts.lead_id, what, lead=True)
        if act.who == "citizen":
            found = self.cast.citizen(facts)
            if found is not None:
                return found
        role = {"acceptor": Role.ACCEPTOR, "dispatcher": Role.DISPATCHER}.get(
            act.who, Role.HOTLINE_OPERATOR
        )
        return self.cast.anyone(role, what)

    # --- what moves bring along
    def reason(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """A reason of the profile."""
        options = _reasons().get(act.name) or WORDS.get(act.name) or ("情况已核实。",)
        reason = Dice(self.cast.seed, facts.key).pick(f"reason {act.name}", options)
        if act.given.get("refuted"):
            reason = "经现场核实，未发现所反映的问题。"
        if act.given.get("wrong"):
            reason = "所述问题不属于本部门职责，请重新判定类别后派遣。"
        given: dict[str, Any] = {"reason": reason}
        if act.task is not None:
            given["task_id"] = act.task.id
        if "days" in act.given:
            given["until"] = now + timedelta(days=int(act.given["days"]))
        return given

    def condition_of(self, facts: Facts) -> int | None:
        """The condition a person would choose: of what it really is about."""
        for key in (facts.truth, facts.class_key):
            found = condition_for(key) if key else None
            if found is not None:
                return found
        chosen = Dice(self.cast.seed, facts.key).pick("class", sorted(catalogue().classes))
        return condition_for(chosen)

    def filing(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """Class and, after a call back, the place."""
        given: dict[str, Any] = {}
        if not facts.has_class or (facts.truth and facts.truth != facts.class_key):
            given["condition_id"] = self.condition_of(facts)
        spot = self.observer.spot_of(facts.case_id)
        if not facts.placed and spot is not None:
            given |= {"lon": spot[0], "lat": spot[1]}
        return given

    def departments(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """Lead and co-handlers of the condition."""
        condition_id = self.condition_of(facts)
        condition = catalogue().condition(condition_id) if condition_id else None
        units = condition.departments if condition and condition.departments else (FALLBACK,)
        known = [u for u in units if u in self.cast.department_key.values()] or [FALLBACK]
        given: dict[str, Any] = {"lead": known[0], "co": tuple(known[1:3])}
        if condition_id is not None and (facts.class_key != facts.truth or not facts.has_class):
            given["condition_id"] = condition_id
        return given

    def parts(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """Two child cases: what is asked, and its cause."""
        condition_id = self.condition_of(facts) or 0
        lead = self.departments(act, facts, now)["lead"]
        other = condition_for("E0112") or condition_id
        return {
            "parts": (
                Part("现场处置", condition_id, lead),
                Part("成因排查", other, FALLBACK),
            )
        }

    def photo(self, act: Act, facts: Facts, now: datetime, *, actor: Viewer) -> list[int]:
        """The picture of the result."""
        picture = synthetic_photo(Dice(self.cast.seed, facts.key).pick("photo", range(12)))
        row = add_photo(facts.case_id, picture, stage="after", actor=actor, now=now)
        return [row.pk]

    def finishing(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """The department's result, with a photo where the condition wants one."""
        text = Dice(self.cast.seed, facts.key).pick("done", DONE)
        given: dict[str, Any] = {"text": text}
        if act.task is not None:
            given["task_id"] = act.task.id
        if facts.evidence or act.name == "settle":
            actor = self._actor(act, facts)
            given["photo_ids"] = tuple(self.photo(act, facts, now, actor=actor))
        return given

    def settling(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """Put right on the spot."""
        return {**self.finishing(act, facts, now), **self.filing(act, facts, now)}

    def telling(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """How far it is."""
        text = Dice(self.cast.seed, facts.key).pick("told", TOLD)
        return {"text": text, "task_id": act.task.id if act.task else None}

    def merging(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """The earlier case of the same matter."""
        return {
            "target": self.observer.target_of(facts.repeats),
            "reason": "同一问题重复反映，并入先前案卷。",
        }

    def closing(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """How the closing condition is met."""
        condition_id = condition_for(facts.class_key)
        condition = catalogue().condition(condition_id) if condition_id else None
        return {"closing": (condition.close_zh if condition else "") or "经核查，问题已解决。"}

    def rating(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """The citizen's answer."""
        return {"solved": act.given["solved"], "satisfied": act.given["satisfied"]}

    def own_task(self, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
        """Which of the tasks."""
        return {"task_id": act.task.id} if act.task else {}


Prepare = Callable[[Stage, Act, Facts, datetime], dict[str, Any]]


def _nothing(stage: Stage, act: Act, facts: Facts, now: datetime) -> dict[str, Any]:
    return {}


_GIVEN: dict[str, Prepare] = {
    "file": Stage.filing,
    "ask_check": _nothing,
    "settle": Stage.settling,
    "dispatch": Stage.departments,
    "split": Stage.parts,
    "accept": Stage.own_task,
    "feed_back": Stage.telling,
    "finish": Stage.finishing,
    "close": Stage.closing,
    "rate": Stage.rating,
    "merge": Stage.merging,
    **dict.fromkeys(
        ("reject", "refute", "withdraw", "return", "fail", "send_back", "urge", "ask_extension",
         "ask_suspension", "ask_appeal"),
        Stage.reason,
    ),
}  # fmt: skip
