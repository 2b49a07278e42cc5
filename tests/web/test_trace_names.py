"""Every kind of act that the code can write to the trace has a name in both languages.

The kinds are read from the code itself: the first argument of each `Draft(...)`. A constant stands
for itself; a name for what is assigned to it in the file or handed to the function around it; an
f-string for what FOLLOWS says, so that whoever writes a new one has to say what it can become.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from cityloop.business.cases.commands.approvals import EFFECTS
from cityloop.business.cases.domain.moves import MOVES

REPO = Path(__file__).resolve().parents[2]
CODE = REPO / "src/cityloop"
NAMES = REPO / "frontend/src/features/manage/words/kinds.json"
AUDIT = "cityloop.city.audit"
# The f-strings of the code → what they become.
FOLLOWS: dict[str, Iterable[str]] = {
    "case.{ctx.move.name}": [f"case.{name}" for name in MOVES],
    "case.{approval.kind}_{approval.state}": [
        f"case.{kind}_{state}" for kind in EFFECTS for state in ("first", "granted", "refused")
    ],
    "case.{approval.kind}_lapsed": [f"case.{kind}_lapsed" for kind in EFFECTS],
    "forecast.{row.decision}": ["forecast.accepted", "forecast.declined"],
}


def kinds_of(source: str) -> set[str]:
    """Kinds that this source can write. Raises: AssertionError where that cannot be told."""
    tree = ast.parse(source)
    name = _name_of_draft(tree)
    if name is None:
        return set()
    found: set[str] = set()
    for function in [None, *_functions(tree)]:
        for call in _calls(function or _top(tree), name):
            found |= set(_resolved(_first(call), function, tree))
    return found


def _name_of_draft(tree: ast.Module) -> str | None:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(AUDIT):
            for one in node.names:
                if one.name == "Draft":
                    return one.asname or one.name
    return None


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]


def _top(tree: ast.Module) -> ast.Module:
    return ast.Module([n for n in tree.body if not isinstance(n, ast.FunctionDef)], [])


def _calls(within: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(within):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _first(call: ast.Call) -> ast.expr:
    return call.args[0] if call.args else next(k.value for k in call.keywords if k.arg == "kind")


def _resolved(given: ast.expr, function: ast.FunctionDef | None, tree: ast.Module) -> list[str]:
    if isinstance(given, ast.JoinedStr):
        return _followed(given, function, tree)
    if isinstance(given, ast.Name):
        return [text for text in _named(given.id, function, tree) if "." in text]
    found = [n.value for n in ast.walk(given) if isinstance(n, ast.Constant)]
    return [str(value) for value in found if "." in str(value)]


def _followed(
    given: ast.JoinedStr, function: ast.FunctionDef | None, tree: ast.Module
) -> list[str]:
    said = ast.unparse(given)[2:-1]
    if said in FOLLOWS:
        return list(FOLLOWS[said])
    head, inner = given.values[0], given.values[-1]
    assert isinstance(head, ast.Constant), said
    assert isinstance(inner, ast.FormattedValue) and isinstance(inner.value, ast.Name), (
        f"say in FOLLOWS what {said} can become"
    )
    return [f"{head.value}{tail}" for tail in _named(inner.value.id, function, tree)]


def _named(name: str, function: ast.FunctionDef | None, tree: ast.Module) -> list[str]:
    """What is assigned to a name, or handed in under it by the calls in this file."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(n, ast.Name) and n.id == name for t in node.targets for n in ast.walk(t)
        ):
            found += _texts(node.value)
    names = [a.arg for a in function.args.args] if function else []
    if function and name in names:
        for call in _calls(tree, function.name):
            found += _texts(call.args[names.index(name)])
    assert found, f"nobody says what {name} can be"
    return found


def _texts(given: ast.expr) -> list[str]:
    """The texts that an expression can become: of a choice its two ends, not its question."""
    if isinstance(given, ast.IfExp):
        return [*_texts(given.body), *_texts(given.orelse)]
    if isinstance(given, ast.Tuple):
        return [text for part in given.elts for text in _texts(part)]
    is_text = isinstance(given, ast.Constant) and isinstance(given.value, str)
    return [given.value] if is_text else []  # type: ignore[attr-defined,list-item]


@pytest.fixture(scope="module")
def kinds() -> set[str]:
    sources = (path.read_text("utf-8") for path in CODE.rglob("*.py"))
    return set().union(*(kinds_of(source) for source in sources if "Draft" in source))


def test_every_kind_the_code_writes_has_a_name_in_both_languages(kinds: set[str]) -> None:
    names = json.loads(NAMES.read_text("utf-8"))
    assert kinds - names.keys() == set()
    assert {k for k, name in names.items() if not (name["zh"].strip() and name["en"].strip())} == (
        set()
    )


def test_a_name_of_what_nobody_writes_is_not_kept(kinds: set[str]) -> None:
    assert json.loads(NAMES.read_text("utf-8")).keys() - kinds == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('Draft("a.b", "x", 1)', {"a.b"}),
        ('MADE = "a.made"\nDraft(MADE, "x", 1)', {"a.made"}),
        ('def f(kind):\n    Draft(kind, "x", 1)\nf("a.one" if 1 else "a.two")', {"a.one", "a.two"}),
        ('def f(how):\n    Draft(f"a.{how}", "x", 1)\nf("on")\nf("off")', {"a.on", "a.off"}),
        ('other("a.b")', set()),
    ],
)
def test_kinds_are_read_from_the_code(source: str, found: set[str]) -> None:
    assert kinds_of(f"from cityloop.city.audit.commands import Draft\n{source}") == found


def test_an_unknown_f_string_has_to_be_told() -> None:
    with pytest.raises(AssertionError, match="FOLLOWS"):
        kinds_of('from cityloop.city.audit.commands import Draft\nDraft(f"a.{b.c}", "x", 1)')
