"""Over HTTP: open to everybody, counted for strangers, closed to tokens without the scope."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.web.conftest import site, token  # noqa: F401  the same ways to sign in

from cityloop.city.limits.domain import Allowance

pytestmark = pytest.mark.django_db


def test_anybody_searches_and_reads_a_point(named_town, client: Client) -> None:
    found = client.get("/api/v1/places/search?q=永安里3号楼&near=116.40,39.90").json()
    assert found["sure"] is True
    first = found["items"][0]
    assert (first["name_zh"], first["number"], first["area_zh"]) == (
        "永安里小区3号楼", "3", "春华街道望江社区"
    )  # fmt: skip
    assert first["metres"] == pytest.approx(450, abs=20)
    here = client.get("/api/v1/places/reverse?lon=116.4032&lat=39.9032").json()
    assert here["address_zh"].endswith("永安里小区3号楼")
    assert here["cell_code"] is None, "cells are not for the public"


def test_a_stranger_who_asks_too_often_is_told_when_to_come_again(
    named_town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cityloop.city.limits.commands.allowance", lambda _: Allowance(2, 600))
    codes = [client.get("/api/v1/places/search?q=永安").status_code for _ in range(3)]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize("query", ["", "q=", "q=" + "长" * 201, "q=a&limit=0", "q=a&near=x"])
def test_a_bad_search_is_refused_with_the_field(named_town, client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/places/search?{query}")
    assert answer.status_code == 400
    assert answer.json()["where"]


def test_a_point_that_is_no_place_is_refused(named_town, client: Client) -> None:
    assert client.get("/api/v1/places/reverse?lon=0&lat=0").json()["code"] == "place.null_island"
