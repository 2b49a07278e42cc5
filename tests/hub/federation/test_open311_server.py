"""The endpoint against the specification: shapes, filters, errors, and no personal data."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cityloop.business.cases.commands import receive
from cityloop.business.cases.domain.values import NewReport, NewReporter
from cityloop.business.cases.queries import cases_of
from cityloop.city.accounts.commands import new_token
from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.profile import load_profile
from cityloop.hub.federation.domain.public_place import rough_place
from tests.hub.federation.conftest import V2
from tests.world import COMMUNITIES, World, cell_code, centre

pytestmark = pytest.mark.django_db
Ask = Callable[..., tuple[int, Any]]
Conforms = Callable[[Any, str], None]


def taken(n: int = 1, at: datetime | None = None, **given: Any) -> str:
    lon, lat = centre(0)
    report = NewReport(
        **{
            "channel": "hotline",
            "external_id": f"H{n}",
            "text": "门口垃圾没人清",
            "lon": lon,
            "lat": lat,
            "class_key": "E0110",
            **given,
        }
    )
    return receive(report, actor=SYSTEM, now=at or timezone.now()).number


@pytest.mark.parametrize("path", ["/open311/discovery", "/open311/v2/discovery"])
def test_discovery_in_both_forms(world: World, conforms: Conforms, path: str) -> None:
    conforms(json.loads(Client().get(f"{path}.json").content), "discovery")
    xml = Client().get(f"{path}.xml")
    assert xml["Content-Type"] == "text/xml; charset=utf-8"
    made = ElementTree.fromstring(xml.content)
    assert made.findtext("endpoints/endpoint/formats/format") == "text/xml"


def test_services_are_the_classes_and_one_for_who_is_unsure(ask: Ask, conforms: Conforms) -> None:
    status, services = ask("services.json")
    assert status == 200 and len(services) > 100
    for service in services:
        conforms(service, "service")
    by_code = {s["service_code"]: s for s in services}
    assert by_code["E0112"]["service_name"] == "道路不洁"
    assert by_code["E0112"]["group"] == "市容环境"
    assert by_code["OTHER"]["metadata"] is False


def test_services_in_the_readers_language(world: World) -> None:
    answer = Client().get(f"{V2}/services.json", headers={"Accept-Language": "en"})
    names = {s["service_code"]: s["service_name"] for s in json.loads(answer.content)}
    assert names["E0112"] == "Dirty road"


def test_definition_offers_the_conditions(ask: Ask, conforms: Conforms) -> None:
    _, services = ask("services.json")
    code = next(s["service_code"] for s in services if s["metadata"])
    status, definition = ask(f"services/{code}.json")
    conforms(definition, "service_definition")
    assert status == 200 and len(definition["attributes"][0]["values"]) > 1


def test_posted_request_comes_back_without_personal_data(
    post: Ask, ask: Ask, conforms: Conforms
) -> None:
    status, posted = post(
        first_name="三丰", last_name="张", phone="13900139000", email="z@example.cn", device_id="D9"
    )
    assert status == 200
    conforms(posted, "posted")
    number = posted[0]["service_request_id"]
    status, found = ask(f"requests/{number}.json")
    conforms(found[0], "request")
    assert found[0]["status"] == "open" and found[0]["service_code"] == "E0112"
    assert found[0]["description"] == "路面很脏，我叫张*，电话138****8000"
    assert found[0]["address_id"] == cell_code(0)
    said = json.dumps(found, ensure_ascii=False)
    assert not [p for p in ("三丰", "13800138000", "13900139000", "z@exam", "D9") if p in said]


def test_a_place_is_shown_to_50_m_unless_the_city_says_exactly(
    post: Ask, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = post()[1][0]["service_request_id"]
    lon, lat = centre(0)
    found = ask(f"requests/{number}.json")[1][0]
    assert (found["long"], found["lat"]) == rough_place(lon, lat) != (lon, lat)
    monkeypatch.setitem(load_profile().settings, "open311", {"places": "exact"})
    found = ask(f"requests/{number}.json")[1][0]
    assert (found["long"], found["lat"]) == (lon, lat)


@pytest.mark.parametrize("code", ["E0138", "OTHER"])
def test_of_a_matter_that_may_be_a_home_neither_place_nor_words_are_shown(
    post: Ask, ask: Ask, conforms: Conforms, code: str
) -> None:
    asked = {"service_code": code, "description": "嗯", "address_string": "和安街道永宁路6号院"}
    number = post(**asked)[1][0]["service_request_id"]
    cases_of(SYSTEM).filter(number=number).update(closing_note="已与住户沟通")
    found = ask(f"requests/{number}.json")[1][0]
    conforms(found, "request")
    hidden = ("lat", "long", "address", "description")
    assert [found[name] for name in hidden] == [None] * 4
    assert found["address_id"] == COMMUNITIES[0] and "住户" not in found["status_notes"]


def test_everything_reads_the_same_in_xml(post: Ask, ask: Ask) -> None:
    number = post()[1][0]["service_request_id"]
    made = ElementTree.fromstring(Client().get(f"{V2}/requests/{number}.xml").content)
    _, found = ask(f"requests/{number}.json")
    shown = {child.tag: child.text for child in made[0]}
    assert made.tag == "service_requests" and made[0].tag == "request"
    assert shown == {k: None if v is None else str(v) for k, v in found[0].items()}


def test_expected_datetime_is_the_clock_of_the_dispatched_case(post: Ask, ask: Ask) -> None:
    number = post()[1][0]["service_request_id"]
    case = cases_of(SYSTEM).get(number=number)
    found = ask(f"requests/{number}.json")[1][0]
    assert case.handle_due_at is not None and found["agency_responsible"]
    assert found["expected_datetime"].startswith(
        timezone.localtime(case.handle_due_at).isoformat(timespec="seconds")
    )


def test_chosen_condition_is_kept_and_seen_by_the_desk(post: Ask) -> None:
    number = post(**{"service_code": "C0101", "attribute[CONDITION]": "2"})[1][0]
    case = cases_of(SYSTEM).get(number=number["service_request_id"])
    report = case.reports.get()
    assert report.extra["condition"] == 2 and "所选情形" in report.text


def test_request_of_the_unsure_waits_for_triage_or_a_person(post: Ask, ask: Ask) -> None:
    number = post(service_code="OTHER", description="嗯")[1][0]["service_request_id"]
    assert ask(f"requests/{number}.json")[1][0]["service_code"] == "OTHER"


def test_same_idempotency_key_is_one_request_and_a_token(
    world: World, api_key: str, ask: Ask, conforms: Conforms
) -> None:
    body = {
        "api_key": api_key,
        "service_code": "E0112",
        "address_id": cell_code(1),
        "description": "脏",
    }
    answers = [
        Client().post(f"{V2}/requests.json", body, headers={"Idempotency-Key": "k-1"})
        for _ in range(2)
    ]
    numbers = {json.loads(a.content)[0]["service_request_id"] for a in answers}
    assert len(numbers) == 1 and cases_of(SYSTEM).count() == 1
    status, found = ask(f"tokens/{answers[0]['X-Open311-Token']}.json")
    conforms(found, "token")
    assert status == 200 and {found[0]["service_request_id"]} == numbers


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": None}, 403),
        ({"api_key": "cl_wrong"}, 403),
        ({"service_code": None}, 400),
        ({"service_code": "E7777"}, 404),
        ({"lat": None, "long": None}, 400),
        ({"lat": None}, 400),
        ({"lat": "NaN"}, 400),
        ({"lat": "0", "long": "0"}, 400),
        ({"lat": None, "long": None, "address_id": "nowhere"}, 400),
        ({"description": "长" * 4001}, 400),
        ({"description": "a\x00b"}, 400),
        ({"attribute[x]": "a\x00b"}, 400),
        ({"media_url": "http://a/\x00"}, 400),
        ({"media_url": "javascript:alert(1)"}, 400),
        ({"service_code": "C0101", "attribute[CONDITION]": "99"}, 400),
    ],
)
def test_request_that_cannot_be_taken_is_refused_as_a_list(
    post: Ask, conforms: Conforms, change: dict[str, Any], status: int
) -> None:
    got, errors = post(**change)
    conforms(errors, "errors")
    assert (got, errors[0]["code"]) == (status, status)
    assert cases_of(SYSTEM).count() == 0


def test_key_without_the_scope_is_refused(world: World, post: Ask) -> None:
    other = new_token(
        "reader",
        world.users["operator"].pk,
        ["cases:read"],
        actor=world.viewer("security"),
        now=world.now,
    )
    assert post(api_key=other.secret)[0] == 403


@pytest.mark.parametrize(
    "path",
    ["requests/1.json", "services/E7777.json", "tokens/x.json", "nothing.json", "services.yaml"],
)
def test_what_is_not_there_is_404_in_a_list(ask: Ask, conforms: Conforms, path: str) -> None:
    status, errors = ask(path)
    conforms(errors, "errors")
    assert status == 404


def test_errors_in_xml(world: World) -> None:
    answer = Client().get(f"{V2}/requests/1.xml")
    made = ElementTree.fromstring(answer.content)
    assert (answer.status_code, made.tag, made.findtext("error/code")) == (404, "errors", "404")


def test_method_that_is_not_possible(world: World, conforms: Conforms) -> None:
    answer = Client().delete(f"{V2}/requests.json")
    assert answer.status_code == 405
    conforms(json.loads(answer.content), "errors")


def test_confidential_cases_are_not_there(ask: Ask) -> None:
    hidden = taken(1, confidential=True)
    shown = taken(2, reporter=NewReporter(name="李四", phone="13700137000"))
    _, found = ask("requests.json")
    assert [r["service_request_id"] for r in found] == [shown]
    assert ask(f"requests/{hidden}.json")[0] == 404
    assert ask("requests.json", service_request_id=f"{hidden},{shown}")[1] == found


def test_filters_choose(ask: Ask) -> None:
    dirty, other = taken(1, class_key="E0112"), taken(2, class_key="")
    taken(3, at=timezone.now() - timedelta(days=91))

    def numbers(**given: str) -> set[str]:
        return {r["service_request_id"] for r in ask("requests.json", **given)[1]}

    assert numbers() == {dirty, other}
    assert numbers(service_code="E0112") == {dirty}
    assert numbers(service_code="E0112,OTHER") >= {dirty}
    assert numbers(status="closed") == set()
    assert numbers(status="open,closed") == {dirty, other}
    assert numbers(start_date="2020-01-01T00:00:00Z") == set()
    assert numbers(page_size="1") == {other}
    assert numbers(page_size="1", page="2") == {dirty}


def test_list_is_as_the_schema_has_it_at_the_same_number_of_queries(
    ask: Ask, conforms: Conforms
) -> None:
    taken(0)
    ask("requests.json")
    with CaptureQueriesContext(connection) as one:
        ask("requests.json")
    taken(1)
    taken(2)
    with CaptureQueriesContext(connection) as three:
        _, found = ask("requests.json")
    assert len(three) == len(one) <= 4
    for request in found:
        conforms(request, "request")
    assert len(found) == 3


def test_any_page_may_read_it(world: World) -> None:
    assert Client().get(f"{V2}/services.json")["Access-Control-Allow-Origin"] == "*"
