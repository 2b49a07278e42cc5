"""Markdown as a tree of plain elements: what is not in the list of elements does not exist.

The page builds elements from the tree by name; no text ever becomes HTML, so none needs cleaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

# What a guide may consist of, by the names of markdown-it's nodes.
ELEMENTS = {
    "paragraph": "p", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li",
    "strong": "strong", "em": "em", "code_inline": "code", "fence": "pre", "code_block": "pre",
    "blockquote": "blockquote", "table": "table", "thead": "thead", "tbody": "tbody", "tr": "tr",
    "th": "th", "td": "td", "hr": "hr", "hardbreak": "br",
}  # fmt: skip
_LINK = re.compile(r"^(/(?!/)|#|https://|tel:)")
_PICTURE = re.compile(r"^(?:\.\./)?img/([a-z0-9-]+\.webp)$")
PICTURES = "/api/v1/help/pictures/"
Node = dict[str, Any]

_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


def tree_of(markdown: str) -> list[Node]:
    """The elements of a guide.

    Returns: nodes {"tag": ..., "children": [...]}, text as {"text": ...}; links carry `href`,
        pictures `src` and `alt`, headings `id`. Links elsewhere than to this site, https and tel
        lose their address; pictures from elsewhere become their description.
    """
    return _children(SyntaxTreeNode(_reader.parse(markdown)))


def title_of(markdown: str) -> str:
    """The first heading."""
    found = re.search(r"^# +(.+)$", markdown, re.M)
    return found[1].strip() if found else ""


def _node(node: SyntaxTreeNode) -> list[Node]:
    special = SPECIAL.get(node.type)
    if special is not None:
        return special(node)
    tag = ELEMENTS.get(node.type)
    if tag is not None:
        return [{"tag": tag, "children": _children(node)}]
    # Raw HTML cannot occur (html=False); what else may be new is shown as its words.
    return [{"text": node.content}] if node.content else _children(node)


def _heading(node: SyntaxTreeNode) -> list[Node]:
    return [{"tag": node.tag, "id": _anchor(_words(node)), "children": _children(node)}]


def _code(node: SyntaxTreeNode) -> list[Node]:
    return [{"tag": ELEMENTS[node.type], "children": [{"text": node.content}]}]


def _children(node: SyntaxTreeNode) -> list[Node]:
    return [n for child in node.children for n in _node(child)]


def _link(node: SyntaxTreeNode) -> list[Node]:
    href = str(node.attrs.get("href", ""))
    if not _LINK.match(href):
        return _children(node)
    return [{"tag": "a", "href": href, "children": _children(node)}]


def _picture(node: SyntaxTreeNode) -> list[Node]:
    alt, found = _words(node), _PICTURE.match(str(node.attrs.get("src", "")))
    if not found:
        return [{"text": alt}]
    return [{"tag": "img", "src": PICTURES + found[1], "alt": alt, "children": []}]


def _words(node: SyntaxTreeNode) -> str:
    if node.type in {"text", "code_inline"}:
        return str(node.content)
    return "".join(_words(child) for child in node.children)


def _anchor(words: str) -> str:
    return re.sub(r"[^\w]+", "-", words.casefold()).strip("-")


SPECIAL: dict[str, Callable[[SyntaxTreeNode], list[Node]]] = {
    "text": lambda node: [{"text": node.content}],
    "softbreak": lambda _: [{"text": "\n"}],
    "heading": _heading,
    "code_inline": _code,
    "fence": _code,
    "code_block": _code,
    "link": _link,
    "image": _picture,
    "inline": _children,
}
