"""Guides become trees of known elements; nothing else gets through."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.hub.guide.writing import title_of, tree_of
from tests.journeys.hostile import HOSTILE

TAGS = {
    "p", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "table", "thead", "tbody",
    "tr", "th", "td", "hr", "br", "a", "img", "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip


def check(nodes: list[dict[str, object]]) -> None:
    for node in nodes:
        if "text" in node:
            assert set(node) == {"text"}
            continue
        assert node["tag"] in TAGS
        assert set(node) <= {"tag", "children", "id", "href", "src", "alt"}
        assert str(node.get("href", "/")).startswith(("/", "#", "https://", "tel:"))
        assert str(node.get("src", "/api/v1/help/")).startswith("/api/v1/help/")
        check(node["children"])  # type: ignore[arg-type]


def test_headings_lists_tables_pictures_and_links() -> None:
    text = "# 受理\n\n1. **立案** 见 [列表](/cases/)\n\n|a|b|\n|-|-|\n|1|2|\n"
    text += "\n![案卷](../img/case.webp)\n"
    nodes = tree_of(text)
    assert [n["tag"] for n in nodes] == ["h1", "ol", "table", "p"]
    assert nodes[0]["id"] == "受理"
    assert nodes[3]["children"] == [
        {"tag": "img", "src": "/api/v1/help/pictures/case.webp", "alt": "案卷", "children": []}
    ]
    assert '"href": "/cases/"' in json.dumps(nodes)
    assert title_of(text) == "受理"


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_words_stay_words(name: str) -> None:
    check(tree_of(HOSTILE[name]))


@pytest.mark.parametrize(
    "text",
    ["[x](javascript:alert(1))", "[x](//elsewhere.invalid)", "[x](data:text/html,y)",
     "![x](https://elsewhere.invalid/x.png)", "![x](../../secret.webp)", "[x](http://plain)"],
)  # fmt: skip
def test_addresses_elsewhere_are_dropped_and_the_words_stay(text: str) -> None:
    (paragraph,) = tree_of(text)
    (words,) = paragraph["children"]
    assert set(words) == {"text"} and "x" in words["text"]


@given(st.text(alphabet=st.sampled_from(list("#*_[]()<>!`|-\n ab1&;:/\\\"'")), max_size=200))
def test_whatever_is_written_only_known_elements_come(text: str) -> None:
    check(tree_of(text))
