"""Replies at the desk: who may, what is compared, what a draft never holds."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cityloop.business.cases.models import Case, Task
from cityloop.business.replies.queries import findings_of, reply_draft
from cityloop.kernel.errors import NotAllowed, NotFound
from tests.business.cases.stories import received
from tests.world import World

pytestmark = pytest.mark.django_db
CLOSING = "您好！经现场核实，垃圾为装修所留。已于5月6日组织清运，责任人王小明，电话13800138000。"


@pytest.fixture
def solved(world: World) -> Case:
    """A closed case in the first cell, with what its reporter was told."""
    case = Case.objects.get(pk=received(world).case_id)
    Case.objects.filter(pk=case.pk).update(state="closed", closing_note=CLOSING, due_at=world.now)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def fresh(world: World) -> Case:
    """A new case of the same class in another community."""
    return Case.objects.get(pk=received(world, 2).case_id)


def test_a_draft_names_its_source_and_no_person_nor_date(
    world: World, solved: Case, fresh: Case
) -> None:
    made = reply_draft(world.viewer("acceptor"), fresh.number, most_length=400)
    assert [s["number"] for s in made["sources"]] == [solved.number]
    assert "装修所留" in made["text"] and "清运" in made["text"]
    for word in ("王小明", "13800138000", "5月6日"):
        assert word not in made["text"]
    assert made["looked_at"] == 1


@pytest.mark.parametrize("change", [{"confidential": True}, {"solved": False}, {"state": "filed"}])
def test_a_case_that_must_not_be_taken_from_is_not(
    change: dict[str, Any], world: World, solved: Case, fresh: Case
) -> None:
    Case.objects.filter(pk=solved.pk).update(**change)
    made = reply_draft(world.viewer("acceptor"), fresh.number, most_length=400)
    assert (made["text"], made["sources"]) == ("", [])


def test_a_draft_takes_only_from_cases_the_reader_may_know_of(
    world: World, solved: Case, fresh: Case
) -> None:
    """The worker of the east knows the new case, not the closed one in the west."""
    assert not reply_draft(world.viewer("worker_east"), fresh.number, most_length=400)["sources"]
    assert reply_draft(world.viewer("district"), fresh.number, most_length=400)["sources"]


def test_a_draft_and_a_check_are_for_staff_who_know_the_case(world: World, solved: Case) -> None:
    for who, refusal in (("citizen", NotAllowed), ("worker_east", NotFound)):
        with pytest.raises(refusal):
            reply_draft(world.viewer(who), solved.number, most_length=400)
        with pytest.raises(refusal):
            findings_of(world.viewer(who), text="您好", number=solved.number, stage="final")


def test_findings_come_with_their_places_over_the_api(
    world: World, fresh: Case, client: Client
) -> None:
    client.force_login(world.users["acceptor"])
    text = "您好！您反映的问题已转相关部门处理。"
    body = {"text": text, "number": fresh.number, "stage": "final"}
    answer = client.post("/api/v1/replies/check", json.dumps(body), "application/json")
    assert answer.status_code == 200
    found = next(f for f in answer.json() if f["code"] == "mere_formula")
    assert "已转相关部门处理" in text[found["start"] : found["end"]]
    drafted = client.get(f"/api/v1/cases/{fresh.number}/reply-draft")
    assert drafted.json() == {"text": "", "pieces": [], "sources": [], "looked_at": 0}


def test_a_closed_case_lends_the_result_its_lead_wrote(
    world: World, solved: Case, fresh: Case
) -> None:
    Task.objects.filter(case=solved, part="lead").update(
        result="经核实垃圾系夜间偷倒，已组织清运。"
    )
    made = reply_draft(world.viewer("dispatcher"), fresh.number, most_length=400)
    assert "夜间偷倒" in made["text"]
    short = reply_draft(world.viewer("dispatcher"), fresh.number, most_length=100)
    assert len(short["text"]) <= 100


def evaluated(capsys: pytest.CaptureFixture[str], path: Path, **given: Any) -> dict[str, Any]:
    call_command("eval_replies", data=str(path), json=True, **given)
    return json.loads(capsys.readouterr().out)


def test_the_evaluation_counts_findings_and_ranks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        "title,question,reply",
        "路灯不亮,晚上很黑,您好！路灯已转相关部门处理。",
        "垃圾没人清,堆了三天,您好！经核实垃圾为装修所留，已于5月6日清运完毕。请致电12345。",
    ]
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    found = evaluated(capsys, path)
    assert found["replies"] == 2 and found["findings"]["mere_formula"] == 1
    assert found["without_finding"] == 1
    assert found["retrieval"]["recall_at_1"] == 1.0


def test_a_file_without_replies_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("title,question\n路灯,不亮\n", encoding="utf-8")
    with pytest.raises(CommandError, match="reply"):
        call_command("eval_replies", data=str(path))


def test_real_replies_are_found_by_their_questions(capsys: pytest.CaptureFixture[str]) -> None:
    shared = Path(os.environ.get("CITYLOOP_SHARED") or Path(__file__).parents[4] / "shared")
    path = shared / "data" / "citizen_messages" / "questions_replies_1408.xlsx"
    if not path.exists():
        pytest.skip(f"real replies not at {path}; set CITYLOOP_SHARED to check against them")
    found = evaluated(capsys, path)
    assert found["retrieval"]["recall_at_5"] >= 0.70
    assert found["findings"]["mere_formula"] >= 60
