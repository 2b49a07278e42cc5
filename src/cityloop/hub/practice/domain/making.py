"""Sets of matters, drawn by a seed from what the city has."""

from __future__ import annotations

import random
from collections.abc import Callable

from cityloop.business.cases.domain import State
from cityloop.hub.practice.domain.items import Choice, Item, Told
from cityloop.hub.practice.domain.stock import MatterOf, Stock, Story, Two
from cityloop.kernel.errors import DomainError

# role → the stories of one exercise; drawn anew and shuffled each time.
SETS: dict[str, tuple[str, ...]] = {
    "acceptor": ("plain", "danger", "no_place", "duplicate", "not_ours"),
    "dispatcher": ("clear", "clear", "together", "returned"),
    "handler": ("ours", "not_ours", "ready", "long"),
    "grid_worker": ("done", "half", "so", "not_so"),
}
# Stories that may stand in for one another, so that a second exercise is not the first.
ALSO = {"not_ours": ("doubtful",), "half": ("still",)}
STATES = {
    "acceptor": State.REPORTED,
    "dispatcher": State.FILED,
    "done": State.VERIFYING,
    "half": State.VERIFYING,
    "still": State.VERIFYING,
    "so": State.CHECKING,
    "not_so": State.CHECKING,
    "ours": State.DISPATCHED,
    "handler/not_ours": State.DISPATCHED,
    "ready": State.HANDLING,
    "long": State.HANDLING,
}


def make_items(role: str, stock: Stock, *, seed: int) -> list[Item]:
    """One exercise of a role.

    Raises: DomainError("practice.no_role"), DomainError("practice.no_material") naming the story
        for which the profile or the catalogue has nothing.
    """
    if role not in SETS:
        raise DomainError(
            "practice.no_role",
            f"There is no exercise for '{role}'. There are: {', '.join(SETS)}.",
            f"没有“{role}”的练习，可选：{'、'.join(SETS)}。",
            where="role",
        )
    # Not for secrets: the same seed must give the same exercise.
    dice = random.Random(f"{role} {seed}")  # noqa: S311
    chosen: list[Story] = []
    for name in SETS[role]:
        chosen.append(_draw(dice, stock, role, name, chosen))
    dice.shuffle(chosen)
    return [_item(dice, stock, story, n) for n, story in enumerate(chosen, start=1)]


def _draw(dice: random.Random, stock: Stock, role: str, name: str, taken: list[Story]) -> Story:
    names = (name, *(ALSO.get(name, ()) if role in {"acceptor", "grid_worker"} else ()))
    found = [s for n in names for s in stock.usable(role, n) if s not in taken]
    if not found:
        raise DomainError(
            "practice.no_material",
            f"No story '{name}' for '{role}' fits this city. Add one to practice.toml of the "
            "profile whose class and condition are in the catalogue in force.",
            f"没有适用于本市的“{role}”练习素材“{name}”。请在方案的 practice.toml 中补充，"
            "其类别与立案条件须在现行目录中。",
            where="story",
        )
    return dice.choice(found)


def _item(dice: random.Random, stock: Stock, story: Story, n: int) -> Item:
    place = dice.choice(list(stock.places))
    matter = stock.matters.get((story.class_key, story.seq))
    own, beside = _beside(dice, story, place, n)
    knows_place = story.story != "no_place"
    told = Told(
        number=f"LX-{n:03d}",
        state=_state(story).value,
        text=_at(story.text, place),
        place=place if knows_place else ("", ""),
        matter=matter.name if matter and story.role != "acceptor" else ("", ""),
        site=_at(story.site, place),
        back=_at(story.back, place),
        unit=stock.departments.get(story.unit, ("", "")),
        limit=matter.limit if matter and story.role == "handler" else ("", ""),
        beside=beside,
        conditions=_conditions(dice, stock, matter) if story.role == "acceptor" else (),
    )
    return Item(
        role=story.role,
        story=story.story,
        told=told,
        place_after_call=_at(story.told, place),
        condition_id=matter.condition_id if matter else None,
        condition=_both(matter, lambda m: m.condition),
        limit=_both(matter, lambda m: m.limit),
        target=own,
        reason=story.reason,
        reason_text=stock.reasons.get(story.reason, ("", "")),
        lead=matter.lead if matter else "",
        co=matter.co if matter else (),
        lead_names=stock.departments.get(matter.lead, ("", "")) if matter else ("", ""),
        decided_by=matter.decided_by if matter else "",
        evidence=matter.evidence if matter else "none",
    )


def _state(story: Story) -> State:
    return (
        STATES.get(f"{story.role}/{story.story}") or STATES.get(story.role) or STATES[story.story]
    )


def _both(matter: MatterOf | None, of: Callable[[MatterOf], Two]) -> Two:
    return of(matter) if matter else ("", "")


def _at(text: Two, place: Two) -> Two:
    return text[0].replace("{place}", place[0]), text[1].replace("{place}", place[1] or place[0])


def _beside(
    dice: random.Random, story: Story, place: Two, n: int
) -> tuple[str, tuple[Choice, ...]]:
    """(number of the same matter, cases nearby). Every matter has neighbours, few are the same."""
    if story.role != "acceptor" or not story.other[0]:
        return "", ()
    rows = [_at(story.other, place), _at(story.another, place)]
    dice.shuffle(rows)
    numbered = [(f"LX-{n:03d}{letter}", *row) for letter, row in zip("AB", rows, strict=True)]
    same = next(number for number, *row in numbered if tuple(row) == _at(story.other, place))
    return same, tuple(numbered)


def _conditions(dice: random.Random, stock: Stock, matter: MatterOf | None) -> tuple[Choice, ...]:
    """The conditions of the matter's class, and of two other classes."""
    others = {m.class_key: m for m in stock.matters.values()}
    names = sorted(set(others) - ({matter.class_key} if matter else set()))
    shown = [others[key] for key in dice.sample(names, k=min(2, len(names)))]
    shown += [matter] if matter else []
    shown.sort(key=lambda m: m.class_key)
    return tuple(
        (
            str(row_id),
            f"{m.name[0]}：{said[0]}（{limit[0]}）",
            f"{m.name[1]}: {said[1]} ({limit[1]})",
        )
        for m in shown
        for row_id, said, limit in m.conditions
    )
