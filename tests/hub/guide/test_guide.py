"""Every post has its guide in both languages; tours are remembered a person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from cityloop.city.accounts.domain import Role
from cityloop.hub.guide.queries import GUIDE_OF, GUIDES, guide, guides
from tests.world import World

ROLES = Path(settings.DOCS) / "guide" / "roles"


def test_every_role_has_a_guide_in_both_languages() -> None:
    assert set(GUIDE_OF) == set(Role)
    for role in GUIDES:
        for language in ("zh", "en"):
            assert guide(role, language)["title"], (role, language)


@pytest.mark.parametrize("role", GUIDES)
def test_both_languages_of_a_guide_have_the_same_sections_and_pictures(role: str) -> None:
    def shape(language: str) -> tuple[list[str], list[str]]:
        text = (ROLES / f"{role}.{language}.md").read_text("utf-8")
        marks = [m[0].split(" ")[0] for m in re.finditer(r"^#+ .+$", text, re.M)]
        return marks, re.findall(r"img/([a-z0-9-]+)\.webp", text)

    assert shape("zh")[0] == shape("en")[0]
    assert [p.removesuffix("-en") for p in shape("en")[1]] == shape("zh")[1]


def test_the_own_guide_comes_first(world: World) -> None:
    assert [g["role"] for g in guides(world.viewer("worker"), "zh") if g["own"]] == ["grid_worker"]
    assert guides(world.viewer("district"), "en")[0]["role"] == "supervisor"


def test_a_tour_is_seen_once_and_may_be_forgotten(world: World) -> None:
    client = Client()
    client.force_login(world.users["acceptor"])
    assert client.get("/api/v1/help/tours").json() == {"seen": []}
    for _ in range(2):
        assert client.put("/api/v1/help/tours/acceptor").status_code == 204
    assert client.get("/api/v1/help/tours").json() == {"seen": ["acceptor"]}
    other = Client()
    other.force_login(world.users["worker"])
    assert other.get("/api/v1/help/tours").json() == {"seen": []}
    assert client.delete("/api/v1/help/tours").status_code == 204
    assert client.get("/api/v1/help/tours").json() == {"seen": []}
    assert client.put("/api/v1/help/tours/..%2Fx").status_code in (400, 404)


def test_the_api_serves_guides_and_only_their_pictures(world: World) -> None:
    client = Client()
    client.force_login(world.users["handler"])
    found = client.get("/api/v1/help/guide/handler", headers={"Accept-Language": "en"}).json()
    assert found["nodes"][0]["tag"] == "h1" and found["title"].isascii()
    assert client.get("/api/v1/help/guide/mayor").status_code == 404
    for name in ("none.webp", "..%2Froles%2Fhandler.zh.md", "a.png"):
        assert client.get(f"/api/v1/help/pictures/{name}").status_code == 404
    assert Client().get("/api/v1/help/guide").status_code == 401
