"""Begin a division, change it step by step, publish it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import shapely

from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft as Entry
from cityloop.city.audit.commands import record
from cityloop.city.db import write
from cityloop.city.division import ground, queries
from cityloop.city.division.models import Draft, Step
from cityloop.city.division.publishing import put_in_force
from cityloop.city.division.themes import GENERAL, theme_of
from cityloop.city.places.rules import need_area_keeper
from cityloop.engines.partition import (
    Division,
    Edited,
    Plan,
    Window,
    look,
    merge,
    move_buildings,
    redraw,
    replan,
    split,
)
from cityloop.engines.partition.features import metres
from cityloop.engines.partition.figures import as_they_stand, figures
from cityloop.kernel.errors import Conflict, DomainError

# Outside the window: told, and published where a person decides so. All other rules are hard.
BY_DECISION = frozenset({"cell.below", "cell.above"})
Act = Callable[[Division, Mapping[str, Any]], Edited]


def begin(
    community: str,
    *,
    window: Window,
    theme: str = GENERAL,
    afresh: bool = False,
    keep: bool = False,
    seed: int = 7,
    actor: Viewer,
    now: datetime,
) -> tuple[Draft, Edited]:
    """A draft for a community: divided by the engine, or beginning with its present cells.

    Args:
        theme: the layer of grids that is divided (see `themes`).
        afresh: take no account of the present cells; else as few households move as possible.
        keep: begin with the present cells as they are.
    Raises: NotAllowed, NotFound("division.no_community" | "division.no_theme"),
        DomainError("division.no_boundary" | "division.no_buildings").
    """
    need_area_keeper(actor)
    layer, plane = theme_of(theme), ground.plane_of(community)
    present = ground.present_cells(community, plane, layer)
    used = ground.used_numbers(community, layer)
    table = ground.division_of(community, plane, present, window, taken=used - set(present), at=now)
    if not table.buildings:
        raise DomainError(
            "division.no_buildings",
            f"No building of community {community} is registered, so there is nothing to weigh. "
            "Import buildings with households first.",
            f"社区 {community} 尚未登记建筑，无法按户数划分，请先导入建筑及户数。",
            where="community",
        )
    past = as_they_stand(table.community, table.buildings, present, window)
    stood = figures(past, [table.community], table.streets) if present else {}
    reasons: list[dict[str, Any]] = []
    if not (keep and present):
        plan = replan(
            table.community, table.buildings, table.streets,
            existing={} if afresh else present, taken=used, window=window, seed=seed,
        )  # fmt: skip
        table = ground.division_of(
            community, plane, plan.polygons_of(community), window,
            taken=used - {c.number for c in plan.cells}, at=now,
        )  # fmt: skip
        reasons = [asdict(f) for f in plan.findings if not f.kind.startswith("cell.")]
    edited = look(table, sorted(set(table.cells) - set(present)))
    with write():
        draft = Draft.objects.create(
            community=community, theme=theme, window=asdict(window),
            plane={"lon": plane.lon, "lat": plane.lat},
            before=queries.packed(present), stood=stood, reasons=reasons, made_at=now,
            by_id=actor.user_id,
        )  # fmt: skip
        _keep(draft, 1, "keep" if keep else "plan", edited, now)
    return draft, edited


def _merge(table: Division, given: Mapping[str, Any]) -> Edited:
    return merge(table, given.get("numbers") or [])


def _split(table: Division, given: Mapping[str, Any]) -> Edited:
    return split(table, int(_needed(given, "number")), parts=int(given.get("parts") or 2))


def _move(table: Division, given: Mapping[str, Any]) -> Edited:
    return move_buildings(table, given.get("buildings") or [], int(_needed(given, "number")))


def _redraw(table: Division, given: Mapping[str, Any]) -> Edited:
    shape = shapely.geometry.shape(_needed(given, "area"))
    return redraw(table, int(_needed(given, "number")), shape)


ACTS: Mapping[str, Act] = {"merge": _merge, "split": _split, "move": _move, "redraw": _redraw}


def edit(
    draft_id: int, act: str, given: Mapping[str, Any], *, actor: Viewer, now: datetime
) -> tuple[Draft, Edited]:
    """One step: merge, split, move, redraw, lock, undo. Every rule is checked again after it.

    Args:
        given: number, numbers, parts, buildings, area (GeoJSON polygon in degrees), step (the
            number of the step that is on the caller's table).
    Raises: NotAllowed, NotFound("division.no_draft"), Conflict("division.changed" |
        "division.published"), DomainError("division.act" | "partition.*").
    """
    with write():
        draft = queries.get_draft(draft_id, actor)
        step = _open_step(draft, given.get("step"))
        if act == "undo":
            return draft, _undo(draft, step)
        table = queries.division(draft, step)
        if act == "lock":
            return draft, _lock(draft, step, table, given, now)
        if act not in ACTS:
            raise DomainError(
                "division.act",
                f"There is no step '{act}'; there are {', '.join(ACTS)}, lock, undo.",
                f"没有“{act}”这一步骤，可用：{'、'.join(ACTS)}、lock、undo。",
                where="act",
            )
        if act == "redraw" and given.get("area"):
            plane = queries.plane(draft)
            drawn = shapely.geometry.shape(given["area"])
            given = {**given, "area": shapely.geometry.mapping(metres(drawn, plane))}
        edited = ACTS[act](table, given)
        _keep(draft, step.number + 1, act, edited, now)
    return draft, edited


def publish(draft_id: int, *, actor: Viewer, now: datetime) -> dict[str, int]:
    """The draft becomes the division in force: new cells begin, cells that are gone end, cases
    keep the cells they lie in. With a rule broken it is refused.

    Raises: as `edit`, Conflict("division.broken") and those of import_areas.
    """
    with write():
        draft = queries.get_draft(draft_id, actor)
        step = _open_step(draft, None)
        seen = look(queries.division(draft, step))
        broken = [f for f in seen.findings if f.grave and f.kind not in BY_DECISION]
        if broken:
            raise Conflict(
                "division.broken",
                f"{len(broken)} rules are broken, the first: {broken[0].en}. Mend them first.",
                f"有 {len(broken)} 处违反划分规则，首个：{broken[0].zh}。请先修正。",
                where=broken[0].where,
            )
        plan = Plan(seen.division.window, tuple(seen.cells), tuple(seen.findings))
        counts = put_in_force(
            theme_of(draft.theme), plan, queries.plane(draft), [draft.community],
            actor=actor, now=now,
        )  # fmt: skip
        Draft.objects.filter(pk=draft.pk).update(published_at=now)
        data = {"community": draft.community, "theme": draft.theme, **counts}
        record(Entry("division.published", "division", draft.pk, data), actor=actor, now=now)
    return counts


def _open_step(draft: Draft, expected: int | None) -> Step:
    if draft.published_at is not None:
        raise Conflict(
            "division.published",
            "This draft has been published. Begin a new one to change the division.",
            "该草案已发布，如需调整请新建草案。",
            where="draft_id",
        )
    step = queries.last_step(draft)
    if expected is not None and int(expected) != step.number:
        raise Conflict(
            "division.changed",
            f"Somebody went on to step {step.number} meanwhile. Load the draft again.",
            f"草案已被他人更新到第 {step.number} 步，请重新载入。",
            where="step",
        )
    return step


def _keep(draft: Draft, number: int, act: str, edited: Edited, now: datetime) -> Step:
    table = edited.division
    return Step.objects.create(
        draft=draft, number=number, act=act, cells=queries.packed(table.cells),
        locked=sorted(table.locked), taken=sorted(table.taken), changed=list(edited.changed),
        at=now,
    )  # fmt: skip


def _undo(draft: Draft, step: Step) -> Edited:
    if step.number == 1:
        raise Conflict(
            "division.first", "This is the first step; nothing can be undone.",
            "已是第一步，无法撤销。", where="step",
        )  # fmt: skip
    step.delete()
    last = queries.last_step(draft)
    return look(queries.division(draft, last), last.changed)


def _lock(
    draft: Draft, step: Step, table: Division, given: Mapping[str, Any], now: datetime
) -> Edited:
    """Lock a cell, or unlock a locked one."""
    number = int(_needed(given, "number"))
    table.get(number)
    locked = table.locked ^ {number}
    changed = Division(
        table.community, table.buildings, table.streets, table.cells, table.window, locked,
        table.taken,
    )  # fmt: skip
    edited = look(changed)
    _keep(draft, step.number + 1, "lock", edited, now)
    return edited


def _needed(given: Mapping[str, Any], name: str) -> Any:
    value = given.get(name)
    if value is None:
        raise DomainError(
            "division.missing", f"This step needs `{name}`.", f"此步骤需要 {name}。", where=name
        )
    return value
