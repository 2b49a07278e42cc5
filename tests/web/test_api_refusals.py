"""Addresses and methods that the API does not have are refused in its own form."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_unknown_address_of_the_api_is_a_problem_like_others(client: Client) -> None:
    answer = client.get("/api/v1/no/such/place")
    assert answer.status_code == 404
    assert (set(answer.json()), answer.json()["code"]) == ({"code", "message"}, "request.404")


def test_a_wrong_method_names_the_right_ones(client: Client) -> None:
    answer = client.delete("/api/v1/reports")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.json()["code"] == "request.405"
    assert "POST" in answer.json()["message"]


def test_an_unknown_page_stays_a_page(client: Client) -> None:
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
