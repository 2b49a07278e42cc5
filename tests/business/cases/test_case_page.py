"""The page of one case over REST: offers with forms, reasons, corrections, neighbours, proofs."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client

from cityloop.ai.triage.models import Correction
from cityloop.business.cases import commands
from cityloop.business.cases.domain.values import NewReporter
from cityloop.business.cases.models import Case
from cityloop.city.jobs.run import sequence_all
from cityloop.engines.ledger import VerifyKey, leaf_hash, verify_checkpoint, verify_inclusion
from tests.business.cases.stories import Walk, default_condition, jpeg, received, unclassed
from tests.world import World


def as_(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def ask(world: World, who: str, case: Case, part: str = "page", **query: Any) -> Any:
    answer = as_(world, who).get(f"/api/v1/cases/{case.number}/{part}", query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def offer(page: Any, name: str) -> dict[str, Any]:
    return next(o for o in page["offers"] if o["name"] == name)


def fields(page: Any, name: str) -> dict[str, dict[str, Any]]:
    return {f["name"]: f for f in offer(page, name)["fields"]}


def test_page_of_a_new_case_offers_filing_with_what_is_missing(world: World) -> None:
    page = ask(world, "acceptor", unclassed(world))

    assert offer(page, "file")["possible"]
    assert fields(page, "file")["condition_id"]["required"]
    assert not fields(page, "file")["place"]["required"]
    assert fields(page, "merge")["target"]["kind"] == "case"


def test_a_move_of_another_state_says_when_it_is_possible(world: World) -> None:
    page = ask(world, "acceptor", unclassed(world))

    close = offer(page, "close")

    assert not close["possible"] and close["fields"] == []
    assert "待结案" in close["why_zh"] and "verified" in close["why_en"]


def test_a_reader_without_a_post_in_the_loop_is_offered_nothing(world: World) -> None:
    assert ask(world, "analyst", unclassed(world))["offers"] == []


def test_result_needs_a_photo_until_one_is_there(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    before = fields(ask(world, "handler", walk.case), "finish")["photo_ids"]

    handler = world.viewer("handler")
    commands.add_photo(walk.case.pk, jpeg(), stage="after", actor=handler, now=walk.at)

    after = fields(ask(world, "handler", walk.case), "finish")["photo_ids"]

    assert before["required"] and not after["required"]
    assert before["stage"] == "after"


def test_finishing_before_responding_is_not_offered(world: World) -> None:
    walk = Walk(world, unclassed(world))
    walk.file()
    walk.dispatch()

    page = ask(world, "handler", walk.case)

    assert offer(page, "accept")["possible"]
    assert not offer(page, "finish")["possible"] and "请先响应" in offer(page, "finish")["why_zh"]


def test_every_offer_that_is_possible_is_not_refused_for_state_or_right(world: World) -> None:
    """The page and the command agree: what is offered fails at most for want of input."""
    walk = Walk(world, unclassed(world)).to_handling()
    for who in ("acceptor", "dispatcher", "handler", "lead", "community", "worker", "operator"):
        for one in ask(world, who, walk.case)["offers"]:
            answer = as_(world, who).post(
                f"/api/v1/cases/{walk.case.number}/moves/{one['name']}",
                {"version": 10_000},
                content_type="application/json",
            )
            said = answer.json()["code"]
            assert (said == "case.changed") == one["possible"] or not one["possible"], (one, said)


def test_stages_follow_the_trace_with_their_clocks(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_closed()

    stages = ask(world, "acceptor", walk.case)["stages"]

    assert [s["state"] for s in stages] == [
        "reported", "filed", "dispatched", "handling", "verifying", "verified", "closed",
    ]  # fmt: skip
    assert [s["on_time"] for s in stages[:3]] == [True, True, True]
    assert stages[-1]["ended_at"] is None


def test_page_asks_the_same_number_of_queries_for_one_report_and_for_three(
    world: World, django_assert_max_num_queries: Any
) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    for n in range(2):
        other = received(world, 0, external_id=f"M{n}")
        number = Case.objects.get(pk=other.case_id)
        Walk(world, number).step("dispatcher", "merge", target=walk.case.number, reason="同一处")
    client = as_(world, "dispatcher")
    with django_assert_max_num_queries(30):
        assert client.get(f"/api/v1/cases/{walk.case.number}/page").status_code == 200


def test_reasons_name_the_label_a_person_gave(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()

    said = ask(world, "dispatcher", walk.case, "why")

    assert said["classified"]["by"] == "person"
    assert said["classified"]["labels"][0]["by"] == "acceptor"
    assert [d["kind"] for d in said["routed"]["decisions"]] == ["dispatch"]


def test_reasons_are_not_for_citizens(world: World) -> None:
    citizen = NewReporter(user_id=world.users["citizen"].pk)
    case = unclassed(world, reporter=citizen)
    answer = as_(world, "citizen").get(f"/api/v1/cases/{case.number}/why")
    assert (answer.status_code, answer.json()["code"]) == (403, "case.staff")


def correct(world: World, who: str, case: Case, **given: Any) -> Any:
    return as_(world, who).post(
        f"/api/v1/cases/{case.number}/correction", given, content_type="application/json"
    )


def test_right_department_reroutes_with_the_same_number_and_is_learnt(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()

    answer = correct(world, "dispatcher", walk.case, lead="sanitation", reason="属环卫职责")

    said = answer.json()
    assert answer.status_code == 200, said
    assert (said["move"], said["lead"], said["by"]) == ("reroute", "sanitation", "person")
    assert said["page"]["case"]["number"] == walk.case.number
    assert Correction.objects.get(kind="department").chosen == "sanitation"


def test_right_class_goes_where_routing_sends_that_class(world: World) -> None:
    walk = Walk(world, unclassed(world))
    walk.file()
    other = default_condition("C0103")
    to = ask(world, "dispatcher", walk.case, "destination", condition_id=other)

    answer = correct(world, "dispatcher", walk.case, condition_id=other, reason="是公用设施")

    said = answer.json()
    assert answer.status_code == 200, said
    assert said["lead"] == (to["lead"] or "")
    assert said["page"]["case"]["case_class__key"] == "C0103"
    assert Correction.objects.get(kind="class").chosen == "C0103"


def test_an_acceptor_corrects_the_class_without_sending_it_elsewhere(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()

    answer = correct(world, "acceptor", walk.case, condition_id=default_condition("C0103"))

    assert answer.json()["move"] == "reclassify"
    assert answer.json()["page"]["case"]["state"] == "handling"


def test_a_correction_of_nothing_is_refused(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    answer = correct(world, "dispatcher", walk.case, condition_id=walk.case.condition_id)
    assert (answer.status_code, answer.json()["code"]) == (400, "correct.nothing")


def test_a_department_before_filing_is_refused(world: World) -> None:
    answer = correct(world, "dispatcher", unclassed(world), lead="urban", reason="改派")
    assert (answer.status_code, answer.json()["code"]) == (409, "correct.not_filed")


def test_near_cases_are_those_within_three_hundred_metres_same_class_first(world: World) -> None:
    here = Case.objects.get(pk=received(world, 0).case_id)
    other = received(world, 0, class_key="C0103")
    same = received(world, 0)
    received(world, 3)  # a kilometre away

    found = ask(world, "dispatcher", here, "near")

    assert [row["number"] for row in found] == [same.number, other.number]
    assert [row["same_class"] for row in found] == [True, False]


def test_proofs_of_a_trace_lead_to_the_signed_checkpoint(world: World) -> None:

    walk = Walk(world, unclassed(world)).to_closed()
    sequence_all(now=walk.at)

    found = ask(world, "acceptor", walk.case, "proofs")

    head = verify_checkpoint(found["checkpoint"], VerifyKey.parse(found["public_key"]))
    assert len(found["proofs"]) == len(ask(world, "acceptor", walk.case, "trace"))
    for one in found["proofs"]:
        path = [base64.b64decode(h) for h in one["proof"]]
        leaf = leaf_hash(one["entry"].encode())
        assert verify_inclusion(leaf, one["index"], head.size, path, head.root)


@pytest.mark.parametrize("part", ["page", "why", "near", "proofs", "approvals"])
def test_what_belongs_to_a_case_is_hidden_with_it(world: World, part: str) -> None:
    case = Case.objects.get(pk=received(world, 3).case_id)  # another community's
    answer = as_(world, "community").get(f"/api/v1/cases/{case.number}/{part}")
    assert answer.status_code == 404
