"""Suggestions on the page of a case: words of danger, several matters, a co-handler."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cityloop.ai.triage.commands import activate_model, train
from cityloop.ai.triage.examples import Examples
from cityloop.ai.triage.queries import forget
from cityloop.business.cases.hinting import short_title
from cityloop.business.cases.models import Case, Task
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.queries import trace
from tests.business.cases.stories import Walk, received, unclassed
from tests.business.cases.test_case_page import as_, ask, fields, offer
from tests.world import World

RUBBISH = "路边堆着一大堆建筑垃圾渣土没有人清运，"
PARKED = "小区门口机动车乱停放挡住了出口通道，"
SAID = {
    "E0111": ["建筑垃圾堆在路边", "渣土没有人清运", "装修垃圾乱倒", "一大堆建筑垃圾", "渣土堆成山"],
    "E0499": [
        "机动车乱停放",
        "车辆乱停挡住通道",
        "小汽车乱停堵住出口",
        "违停车辆挡路",
        "门口乱停车",
    ],
}


def post(world: World, who: str, case: Case, move: str, **given: Any) -> Any:
    at = f"/api/v1/cases/{case.number}/moves/{move}"
    return as_(world, who).post(at, given, content_type="application/json")


@pytest.fixture
def taught(world: World, tmp_path: Path, settings: Any) -> Iterator[World]:
    """A class model that knows two classes and is sure soon; no model of departments."""
    settings.DATA = tmp_path
    examples = Examples()
    for key, texts in SAID.items():
        for n in range(8):
            for text in texts:
                examples.add("", f"{text}，这里第{'一二三四五六七八'[n]}次有人反映了", key)
    phrases = {key: texts[:2] for key, texts in SAID.items()}
    made = train(examples, phrases=phrases, name="t", accuracy=0.6, actor=SYSTEM, now=world.now)
    activate_model(made.version.pk, actor=SYSTEM, now=world.now)
    forget()
    yield world
    forget()


# --- urgency --------------------------------------------------------------------------------------
def test_words_of_danger_suggest_a_level_and_change_nothing_by_themselves(world: World) -> None:
    burning = Case.objects.get(pk=received(world, text="楼道里电动车着火了，有老人被困。").case_id)
    loud = Case.objects.get(
        pk=received(world, title="紧急！！！", text="十万火急，气死我了，再不管就投诉！").case_id
    )

    said = ask(world, "acceptor", burning, "hints")["urgency"]

    assert said == {"level": "emergency", "now": "normal", "words": ["着火", "被困"]}
    assert burning.urgency == "normal"
    assert ask(world, "acceptor", loud, "hints")["urgency"] is None


@pytest.mark.parametrize(("level", "title"), [("emergency", "raised"), ("normal", "kept")])
def test_urgency_is_decided_once_by_a_person_and_is_on_record(
    world: World, level: str, title: str
) -> None:
    case = unclassed(world)
    case.triage = {**(case.triage or {}), "urgency": {"level": "emergency", "words": ["着火"]}}
    case.save()
    page = ask(world, "acceptor", case)
    assert fields(page, "prioritise")["urgency"]["chosen"] == "normal"

    answer = post(world, "acceptor", case, "prioritise", urgency=level, version=case.version)

    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["urgency"] == level
    assert ask(world, "acceptor", case, "hints")["urgency"] is None
    row = trace("case", case.pk, viewer=SYSTEM)[-1]
    assert row.kind == "case.prioritise"
    assert {k: v for k, v in row.data.items() if k.startswith("urgency")} == {
        "urgency": level, "urgency_before": "normal", "urgency_said": "emergency",
    }  # fmt: skip


def test_a_level_that_does_not_exist_is_refused_in_both_languages(world: World) -> None:
    answer = post(world, "acceptor", unclassed(world), "prioritise", urgency="panic")

    assert answer.status_code == 400 and answer.json()["code"] == "urgency.unknown"


def test_departments_and_citizens_do_not_set_the_urgency(world: World) -> None:
    case = unclassed(world)
    for who in ("handler", "worker", "citizen"):
        assert post(world, who, case, "prioritise", urgency="urgent").status_code in {403, 404}
    assert as_(world, "citizen").get(f"/api/v1/cases/{case.number}/hints").status_code in {403, 404}


# --- several matters ------------------------------------------------------------------------------
def test_two_matters_come_ready_to_be_split(taught: World) -> None:
    text = f"一、{RUBBISH}渣土堆成山。二、{PARKED}违停车辆天天挡路。"
    case = Case.objects.get(pk=received(taught, title="两件事", text=text).case_id)
    Case.objects.filter(pk=case.pk).update(state="filed", lead_department=None)
    Task.objects.filter(case=case).delete()

    parts = ask(taught, "dispatcher", case, "hints")["parts"]

    assert [part["key"] for part in parts] == ["E0111", "E0499"]
    assert parts[1]["title"].startswith("小区门口") and parts[1]["text"].startswith("二、")
    assert all(part["words"] and part["lead"] and part["zh"] and part["en"] for part in parts)
    sent = [
        {"title": p["title"], "condition_id": p["condition_id"], "lead": p["lead"]["key"]}
        for p in parts
    ]
    answer = post(taught, "dispatcher", case, "split", parts=sent)
    assert answer.status_code == 200, answer.content.decode()
    children = Case.objects.filter(parent=case).order_by("pk")
    assert [c.title for c in children] == [p["title"] for p in parts]
    assert ask(taught, "dispatcher", case, "hints") == {"urgency": None, "parts": [], "co": None}


def test_one_matter_is_not_split(taught: World) -> None:
    case = Case.objects.get(
        pk=received(taught, text=f"一、{RUBBISH}二、渣土堆成山没有人管。").case_id
    )
    Case.objects.filter(pk=case.pk).update(state="filed")

    assert ask(taught, "dispatcher", case, "hints")["parts"] == []


def test_a_title_is_the_first_sentence_without_its_number() -> None:
    assert short_title("1．路灯不亮。晚上看不见") == "路灯不亮"
    assert len(short_title("路" * 200)) == 60
    assert short_title("。") == "。"


# --- who else -------------------------------------------------------------------------------------
def test_the_second_class_names_a_co_handler_that_one_click_adds(
    taught: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cityloop.ai.triage.queries import NOTHING, Suggestion
    from cityloop.business.cases import hinting

    top = (("E0111", 0.6), ("E0499", 0.35))
    pair = Suggestion("E0111", 0.6, False, top, "t", also=top[1][0])
    monkeypatch.setattr(
        hinting, "classify", lambda t, x, kind: [pair if kind == "class" else NOTHING]
    )
    walk = Walk(taught, unclassed(taught)).to_handling()

    co = ask(taught, "dispatcher", walk.case, "hints")["co"]

    assert (co["lead"]["key"], co["by"], co["key"]) == ("urban", "class", "E0499")
    assert co["department"]["key"] == "traffic_police" and co["probability"] == 0.35
    key = co["department"]["key"]
    answer = post(taught, "dispatcher", walk.case, "add_co", co=[key], version=walk.case.version)
    assert answer.status_code == 200, answer.content.decode()
    tasks = Task.objects.filter(case=walk.case).order_by("pk")
    assert [(t.part, t.state) for t in tasks] == [("lead", "accepted"), ("co", "sent")]
    assert tasks[1].handle_due_at == max(walk.case.handle_due_at, tasks[1].respond_due_at)
    assert ask(taught, "dispatcher", walk.case, "hints")["co"] is None
    again = post(taught, "dispatcher", walk.case, "add_co", co=[key])
    assert again.status_code == 409 and again.json()["code"] == "co.at_work"
    assert offer(ask(taught, "dispatcher", walk.case), "reroute")["possible"]


def test_the_explanation_of_routing_names_the_second_answer(
    taught: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cityloop.ai.triage.queries import Suggestion
    from cityloop.business.dispatch import explaining

    top = (("E0111", 0.6), ("E0499", 0.35))
    pair = Suggestion("E0111", 0.6, False, top, "t", also=top[1][0])
    monkeypatch.setattr(explaining, "classify", lambda t, x: [pair])

    answer = as_(taught, "dispatcher").post(
        "/api/v1/routing/explain",
        {"title": "渣土和乱停车", "text": RUBBISH + PARKED, "area_code": "990100001001"},
        content_type="application/json",
    )

    also = answer.json()["also"]
    assert [(one["kind"], one["label"], one["probability"]) for one in also] == [
        ("class", "E0499", 0.35)
    ]
    assert also[0]["lead"] and also[0]["words"]
