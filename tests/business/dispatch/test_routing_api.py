"""The routing API: shapes, refusals, and the way of one text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from ninja.testing import TestClient

from cityloop.ai.triage.api import router as triage_router
from cityloop.business.catalogue.api import router as catalogue_router
from cityloop.business.catalogue.models import Version
from cityloop.business.dispatch.api import router
from cityloop.city.accounts.domain import PUBLIC, Holding, Role, Viewer
from cityloop.kernel.errors import DomainError, NotAllowed

ADMIN = Viewer("person", None, "admin", (Holding(Role.SYSTEM_ADMIN),))
CLERK = Viewer("person", None, "clerk", (Holding(Role.DISPATCHER),))
RULE = {
    "zh": "夜间",
    "when": {"field": "class", "op": "eq", "value": "E0301"},
    "then": {"lead": "police"},
}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(router)


def test_saved_rule_is_listed_and_removed(client: TestClient, small: Version) -> None:
    saved = client.put("/rules/night", json=RULE | {"area_code": "990101001"}, viewer=ADMIN)
    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    listed = client.get("/rules", viewer=CLERK).json()["items"]
    assert [(r["key"], r["area_code"], r["in_force"]) for r in listed] == [
        ("night", "990101001", True)
    ]
    assert client.delete("/rules/night", viewer=ADMIN).status_code == 204
    assert client.get("/rules", viewer=CLERK).json() == {"items": []}
    assert len(client.get("/rules/night", viewer=CLERK).json()["items"]) == 1


def test_clerk_reads_rules_and_does_not_write_them(client: TestClient, small: Version) -> None:
    with pytest.raises(NotAllowed):
        client.put("/rules/night", json=RULE, viewer=CLERK)
    with pytest.raises(NotAllowed):
        client.post("/dry-run", json=RULE | {"key": "night"}, viewer=CLERK)


@pytest.mark.parametrize(
    "given",
    [{"position": 10**9}, {"zh": ""}, {"zh": "a\0b"}, {"when": "E0301"}, {"then": None}],
)
def test_shape_that_is_wrong_is_refused_before_the_command(
    client: TestClient, small: Version, given: dict[str, Any]
) -> None:
    assert client.put("/rules/night", json=RULE | given, viewer=ADMIN).status_code == 422


def test_dry_run_on_no_cases_examines_none(client: TestClient, small: Version) -> None:
    found = client.post("/dry-run", json=RULE | {"key": "night", "days": 7}, viewer=ADMIN).json()
    assert found == {
        "examined": 0, "held": 0, "otherwise": 0, "faults": 0, "share": 0.0, "agreed": None,
        "moves": [], "examples": [],
    }  # fmt: skip


def test_explanation_tells_class_destination_and_steps(
    client: TestClient, small: Version, now: datetime
) -> None:
    given = {"text": "工地太吵", "class_key": "E0301", "area_code": "990101001"}
    found = client.post("/explain", json=given, viewer=CLERK).json()
    assert (found["lead"], found["by"], found["class_by"]) == ("ecology", "duty", "given")
    assert [s["step"] for s in found["explanation"]["steps"]] == ["rules", "duty"]


def test_explanation_without_class_or_model_says_that_a_person_decides(
    client: TestClient, small: Version
) -> None:
    found = client.post("/explain", json={"text": "工地太吵"}, viewer=CLERK).json()
    assert (found["lead"], found["by"], found["class_key"]) == (None, "", "")


def test_explanation_of_an_unknown_class_or_area_is_refused(
    client: TestClient, small: Version
) -> None:
    for given in ({"class_key": "E9999"}, {"class_key": "E0301", "area_code": "47"}):
        with pytest.raises(DomainError) as refused:
            client.post("/explain", json=given, viewer=CLERK)
        assert refused.value.status == 404


def test_catalogue_is_read_by_page_class_and_condition(small: Version) -> None:
    client = TestClient(catalogue_router)
    page = client.get("/classes?limit=2", viewer=CLERK).json()
    assert ([c["key"] for c in page["items"]], page["next_after"]) == (["E0301", "E0302"], "E0302")
    rest = client.get("/classes?limit=2&after=E0302", viewer=CLERK).json()
    assert ([c["key"] for c in rest["items"]], rest["next_after"]) == (["E0401"], None)
    one = client.get("/classes/E0302", viewer=CLERK).json()["items"][0]
    assert (one["limit"]["zh"], one["departments"]) == ("1工作日", ["police", "urban"])
    again = client.get(f"/conditions/{one['id']}", viewer=CLERK).json()
    assert (again["class_key"], again["limit"]) == ("E0302", one["limit"])
    found = client.get("/classes?search=占道", viewer=CLERK).json()
    assert [c["key"] for c in found["items"]] == ["E0302"]


def test_export_is_a_file_that_holds_every_class(small: Version) -> None:
    client = TestClient(catalogue_router)
    answer = client.get("/export.csv", viewer=CLERK)
    text = answer.content.decode("utf-8-sig")
    assert [line.split(",")[5] for line in text.splitlines()[1:]] == [
        "施工噪声", "占道经营", "其他",
    ]  # fmt: skip


def test_nobody_reads_without_logging_in(client: TestClient, small: Version) -> None:
    for each, path in (
        (client, "/rules"),
        (TestClient(catalogue_router), "/versions"),
        (TestClient(catalogue_router), "/classes"),
        (TestClient(triage_router), "/models"),
    ):
        with pytest.raises(NotAllowed):
            each.get(path, viewer=PUBLIC)


def test_suggestion_without_a_model_is_empty(small: Version) -> None:
    found = TestClient(triage_router).post("/suggest", json={"text": "井盖"}, viewer=CLERK)
    said = found.json()
    assert (said["model"], said["accepted"], said["top"]) == ("", False, [])
    assert (said["also"], said["matters"], said["opinion"]) == ("", [], None)
