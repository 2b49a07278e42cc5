"""Rule trees: checked with the place of each fault, compiled, and able to say what matched.

    {"all": [ {"field": "class", "op": "in", "value": ["E0301"]},
              {"field": "hour", "op": "between", "value": [22, 5]} ]}

A tree is `all`, `any` (lists) or `not` (one tree) over tests. Both ends of `between` count, and
it goes across midnight (or the week's or year's end) when the first is larger than the last.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cityloop.kernel.errors import DomainError

PRIORITIES: Final = ("normal", "urgent", "emergency")
LEAD_BY_AREA: Final = "@area"
"""In place of a department's key: whoever answers for the area."""
SPANS: Final = {"hour": (0, 23), "weekday": (0, 6), "month": (1, 12)}
TEXTS: Final = ("class", "big_class", "channel", "area", "urgency")
OPS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(TEXTS, ("eq", "in", "starts_with")),
    **dict.fromkeys(SPANS, ("eq", "in", "between")),
    "words": ("contains_any",),
}
DEEPEST: Final = 8
MOST_VALUES: Final = 1000

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Matter:
    """What rules look at: local time, codes of the areas it lies in, words in small letters."""

    class_key: str
    channel: str
    local: datetime
    areas: frozenset[str]
    urgency: str
    words: str

    def values(self, name: str) -> tuple[Any, ...]:
        """The values a field has here: one, or for areas one a level."""
        found: tuple[Any, ...]
        match name:
            case "class":
                found = (self.class_key,)
            case "big_class":
                found = (self.class_key[:3],)
            case "area":
                found = tuple(sorted(self.areas))
            case "hour" | "month":
                found = (getattr(self.local, name),)
            case "weekday":
                found = (self.local.weekday(),)
            case _:
                found = (getattr(self, name),)
        return found


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may name; None = not checked."""

    classes: Collection[str] | None = None
    channels: Collection[str] | None = None
    areas: Collection[str] | None = None
    departments: Collection[str] | None = None

    def of(self, name: str) -> Collection[str] | None:
        """Allowed values of a field."""
        if name == "big_class" and self.classes is not None:
            return {key[:3] for key in self.classes}
        fields = {"class": self.classes, "channel": self.channels, "area": self.areas}
        return PRIORITIES if name == "urgency" else fields.get(name)


@dataclass(frozen=True, slots=True)
class Then:
    """What a rule decides. None = stays as the duty table says."""

    lead: str | None = None
    co: tuple[str, ...] | None = None
    priority: str | None = None


Test = Callable[[Matter], bool]
Explainer = Callable[[Matter], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A tree ready to run.

    holds: whether it holds for a matter; matched: the tests that held, each with the values
    found; classes: the only classes it can hold for (None = any); uses: the fields it looks at.
    """

    holds: Test
    matched: Explainer
    classes: frozenset[str] | None
    uses: frozenset[str]


def compile_tree(tree: Any, known: Known | None = None) -> Compiled:
    """A checked tree as a function.

    Raises: DomainError("rule.invalid") whose `where` is the place, e.g. "when.all[1].value".
    Example:
    >>> tree = {"field": "class", "op": "starts_with", "value": "E05"}
    >>> compile_tree(tree).uses
    frozenset({'class'})
    """
    known = known or Known()
    check_tree(tree, known)
    uses = frozenset(_fields_of(tree))
    return Compiled(_test_of(tree), _explainer(tree), _classes_of(tree), uses)


def check_tree(tree: Any, known: Known, *, where: str = "when", depth: int = 0) -> None:
    """Raises: DomainError("rule.invalid") at the first fault, naming its place."""
    if not isinstance(tree, Mapping):
        raise _fault(where, tree, "a tree {all|any|not} or a test {field, op, value}")
    if depth > DEEPEST:
        raise _fault(where, "…", f"at most {DEEPEST} levels of all, any and not")
    if "field" in tree:
        _check_test(tree, known, where)
        return
    if len(tree) != 1 or next(iter(tree)) not in ("all", "any", "not"):
        raise _fault(where, sorted(map(str, tree)), "exactly one of all, any, not; or field")
    name, inner = next(iter(tree.items()))
    if name == "not":
        check_tree(inner, known, where=f"{where}.not", depth=depth + 1)
        return
    if not isinstance(inner, Sequence) or isinstance(inner, str) or not inner:
        raise _fault(f"{where}.{name}", inner, "a list with at least one tree")
    for index, each in enumerate(inner):
        check_tree(each, known, where=f"{where}.{name}[{index}]", depth=depth + 1)


def check_then(then: Any, known: Known) -> Then:
    """The outcome of a rule. Raises: DomainError("rule.invalid") naming the place."""
    if not isinstance(then, Mapping):
        raise _fault("then", then, "{lead, co, priority}")
    unknown = sorted(set(then) - {"lead", "co", "priority"})
    if unknown:
        raise _fault(f"then.{unknown[0]}", then[unknown[0]], "lead, co, priority only")
    lead, co, priority = then.get("lead") or None, then.get("co"), then.get("priority") or None
    if lead is not None:
        _check_department(lead, known, "then.lead")
    if co is not None:
        if not isinstance(co, Sequence) or isinstance(co, str):
            raise _fault("then.co", co, "a list of department keys")
        for index, key in enumerate(co):
            _check_department(key, known, f"then.co[{index}]")
    if priority is not None and priority not in PRIORITIES:
        raise _fault("then.priority", priority, ", ".join(PRIORITIES))
    if lead is None and not co and priority is None:
        raise _fault("then", dict(then), "at least one of lead, co, priority")
    return Then(lead, None if co is None else tuple(dict.fromkeys(co)), priority)


def _check_department(key: Any, known: Known, where: str) -> None:
    if not isinstance(key, str) or not key:
        raise _fault(where, key, "the key of a department")
    if key != LEAD_BY_AREA and known.departments is not None and key not in known.departments:
        raise _fault(where, key, f"an active department: {_few(known.departments)}")


def _check_test(test: Tree, known: Known, where: str) -> None:
    extra = sorted(set(test) - {"field", "op", "value"})
    if extra:
        raise _fault(f"{where}.{extra[0]}", test[extra[0]], "field, op, value only")
    name, op = test.get("field"), test.get("op")
    if not isinstance(name, str) or name not in OPS:
        raise _fault(f"{where}.field", name, ", ".join(OPS))
    if op not in OPS[name]:
        raise _fault(f"{where}.op", op, f"for {name}: {', '.join(OPS[name])}")
    if "value" not in test:
        raise _fault(f"{where}.value", None, "a value")
    _check_value(name, op, test["value"], known, f"{where}.value")


def _check_value(name: str, op: str, value: Any, known: Known, where: str) -> None:
    if op == "between":
        if not _is_list(value) or len(value) != 2:
            raise _fault(where, value, "[first, last]; both count")
    elif op in ("in", "contains_any"):
        if not _is_list(value) or not 0 < len(value) <= MOST_VALUES:
            raise _fault(where, value, f"a list of 1 to {MOST_VALUES} values")
    else:
        value = [value]
    for index, each in enumerate(value):
        place = where if op in ("eq", "starts_with") else f"{where}[{index}]"
        _check_single(name, op, each, known, place)


def _check_single(name: str, op: str, value: Any, known: Known, where: str) -> None:
    if name in SPANS:
        low, high = SPANS[name]
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise _fault(where, value, f"a whole number from {low} to {high}")
        return
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise _fault(where, value, "a text that is not empty, without NUL")
    allowed = known.of(name)
    if allowed is None:
        return
    fits = any(a.startswith(value) for a in allowed) if op == "starts_with" else value in allowed
    if not fits:
        raise _fault(where, value, f"a known {name}: {_few(allowed)}")


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _few(allowed: Collection[str]) -> str:
    shown = sorted(allowed)
    return ", ".join(shown[:30]) + (f" and {len(shown) - 30} more" if len(shown) > 30 else "")


def _fault(where: str, value: Any, allowed: str) -> DomainError:
    shown = f"{value!r:.120}"
    return DomainError(
        "rule.invalid",
        f"{where} is {shown}; allowed: {allowed}. Correct this place and save again.",
        f"{where} 的值为 {shown}；应为：{allowed}。请更正后重新保存。",
        where=where,
        details={"value": shown},
    )


# --- running ---------------------------------------------------------------------------------


def _test_of(tree: Tree) -> Test:
    if "field" in tree:
        return _single(str(tree["field"]), str(tree["op"]), tree["value"])
    name, inner = next(iter(tree.items()))
    if name == "not":
        wrong = _test_of(inner)
        return lambda matter: not wrong(matter)
    tests = [_test_of(each) for each in inner]
    if name == "all":
        return lambda matter: all(test(matter) for test in tests)
    return lambda matter: any(test(matter) for test in tests)


def _single(name: str, op: str, value: Any) -> Test:
    if op == "contains_any":
        words = tuple(str(word).casefold() for word in value)
        return lambda matter: any(word in matter.words for word in words)
    if op == "starts_with":
        return lambda matter: any(v.startswith(value) for v in matter.values(name))
    wanted = _wanted(name, op, value)
    if name == "class":
        return lambda matter: matter.class_key in wanted
    return lambda matter: any(v in wanted for v in matter.values(name))


def _wanted(name: str, op: str, value: Any) -> frozenset[Any]:
    if op == "eq":
        return frozenset([value])
    if op == "in":
        return frozenset(value)
    low, high = SPANS[name]
    first, last = value
    if first <= last:
        return frozenset(range(first, last + 1))
    return frozenset(range(first, high + 1)) | frozenset(range(low, last + 1))


def _classes_of(tree: Tree) -> frozenset[str] | None:
    """Classes outside which the tree surely does not hold; None when that is not known."""
    if "field" in tree:
        exact = tree["field"] == "class" and tree["op"] in ("eq", "in")
        return _wanted("class", str(tree["op"]), tree["value"]) if exact else None
    name, inner = next(iter(tree.items()))
    if name == "not":
        return None
    sets = [_classes_of(each) for each in inner]
    told = [s for s in sets if s is not None]
    if name == "all":
        return frozenset.intersection(*told) if told else None
    return frozenset.union(*told) if len(told) == len(sets) else None


def _fields_of(tree: Tree) -> set[str]:
    if "field" in tree:
        return {str(tree["field"])}
    name, inner = next(iter(tree.items()))
    parts = [inner] if name == "not" else inner
    return set().union(*(_fields_of(each) for each in parts))


def _explainer(tree: Tree) -> Explainer:
    holds = _test_of(tree)
    if "field" in tree:
        head = {"field": tree["field"], "op": tree["op"]}
        return lambda matter: [head | {"found": _found(tree, matter)}] if holds(matter) else []
    name, inner = next(iter(tree.items()))
    if name == "not":
        return lambda matter: [{"not": dict(inner)}] if holds(matter) else []
    parts = [_explainer(each) for each in inner]

    def explain(matter: Matter) -> list[dict[str, Any]]:
        return [said for part in parts for said in part(matter)] if holds(matter) else []

    return explain


def _found(test: Tree, matter: Matter) -> Any:
    if test["op"] == "contains_any":
        return [word for word in test["value"] if str(word).casefold() in matter.words]
    hits = [v for v in matter.values(str(test["field"])) if _single_value(test, v)]
    return hits[0] if len(hits) == 1 else hits


def _single_value(test: Tree, value: Any) -> bool:
    name, op = str(test["field"]), str(test["op"])
    if op == "starts_with":
        return str(value).startswith(str(test["value"]))
    return value in _wanted(name, op, test["value"])
