"""Why a cell misses its window: exactly, where that can be said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cityloop.engines.partition.checking import window_findings
from cityloop.engines.partition.model import Cell, Finding, Window
from cityloop.engines.partition.packing import packable
from cityloop.engines.partition.survey import Ground


def explain(ground: Ground, cells: Sequence[Cell], window: Window) -> list[Finding]:
    """Findings of one community: each cell outside the window, and first the reason.

    Reasons, the first that holds: community.empty (no weight at all, a remark),
    community.below (its whole weight is below lo), building.above (one building or several that
    overlap weigh more than hi), community.no_count (no number of cells fits the total),
    community.unpackable (no grouping of the weights fits, whatever the shape: proved by search),
    community.islands (pieces that no ground joins), else community.best: best found.
    """
    missed = [cell for cell in cells if not window.holds(cell.weight)]
    if not missed:
        return []
    reasons = _reasons(ground, window)
    proved = any(reason.proved for reason in reasons)
    found = list(reasons)
    if not reasons:
        worst = max(f.amount for cell in missed for f in window_findings(cell, window))
        found.append(_reason(
            ground, "community.best", worst,
            f"{len(missed)} of {len(cells)} cells miss the window, the worst by {worst:g}: the "
            "best division found; a better one may exist.",
            f"{len(cells)} 个网格中有 {len(missed)} 个超出范围，最多相差 {worst:g}；"
            "这是已找到的最佳方案，可能仍有更优。",
            proved=False,
        ))  # fmt: skip
    if reasons and reasons[0].kind == "community.empty":
        return found
    for cell in missed:
        found += window_findings(cell, window, proved=proved)
    return found


def _reasons(ground: Ground, window: Window) -> list[Finding]:
    weights = ground.graph.weight
    total, what, unit = int(weights.sum()), window.unit_en, window.unit_zh
    if total == 0:
        return [_reason(
            ground, "community.empty", 0.0,
            f"It has no {what}; it is one cell.", f"合计 0{unit}，整个社区为一个网格。",
            grave=False,
        )]  # fmt: skip
    if total < window.lo:
        return [_reason(
            ground, "community.below", window.lo - total,
            f"It has {total} {what} in all, {window.lo - total} below the least cell {window.lo}.",
            f"全社区共 {total}{unit}，比单个网格下限 {window.lo} 少 {window.lo - total}。",
        )]  # fmt: skip
    found = _heavy(ground, window)
    if found:
        return found
    if not window.counts(total):
        k = max(1, total // window.hi)
        return [_reason(
            ground, "community.no_count", 0.0,
            f"{total} {what}: {k} cells can hold at most {k * window.hi}, {k + 1} need at least "
            f"{(k + 1) * window.lo}. No number of cells fits.",
            f"共 {total}{unit}：{k} 个网格最多容纳 {k * window.hi}，"
            f"{k + 1} 个至少需要 {(k + 1) * window.lo}，任何数量都不成立。",
        )]  # fmt: skip
    if packable(weights.tolist(), window) is False:
        return [_reason(
            ground, "community.unpackable", 0.0,
            "No grouping of its buildings has every sum in the window, whatever the shape "
            "(proved by search).",
            "无论网格形状如何，任何建筑组合都不能使每个网格落在范围内（穷举证明）。",
        )]  # fmt: skip
    return _islands(ground, window)


def _heavy(ground: Ground, window: Window) -> list[Finding]:
    found = []
    for atom in np.flatnonzero(ground.graph.weight > window.hi):
        members = np.flatnonzero(ground.atom == atom)
        held = [ground.buildings[m] for m in members]
        codes = [one.code for one in held if one.weigh(window.weight) > 0]
        weight, code = int(ground.graph.weight[atom]), (codes or ["?"])[0]
        shown = ", ".join(codes[:3])
        found.append(Finding(
            "building.above", code,
            f"Building {shown} has {weight} {window.unit_en}, above the most of a cell "
            f"({window.hi}); it cannot be divided and is a cell of its own.",
            f"建筑 {shown} 为 {weight}{window.unit_zh}，超过网格上限 {window.hi}；"
            "无法再分，单独成格。",
            amount=float(weight - window.hi), x=float(ground.points[members[0], 0]),
            y=float(ground.points[members[0], 1]), proved=True,
        ))  # fmt: skip
    return found


def _islands(ground: Ground, window: Window) -> list[Finding]:
    count, piece = ground.graph.components()
    if count < 2:
        return []
    totals = np.bincount(piece, ground.graph.weight, minlength=count).astype(int)
    lonely = [t for t in totals.tolist() if not window.counts(t)]
    if not lonely:
        return []
    shown = ", ".join(map(str, lonely[:5]))
    return [_reason(
        ground, "community.islands", float(len(lonely)),
        f"It lies in {count} pieces that do not touch; {len(lonely)} of them cannot be divided "
        f"within the window ({shown} {window.unit_en}).",
        f"社区由 {count} 块互不相连的部分组成，其中 {len(lonely)} 块无法在范围内划分（{shown}）。",
    )]  # fmt: skip


def _reason(
    ground: Ground, kind: str, amount: float, en: str, zh: str, *, grave: bool = True,
    proved: bool = True,
) -> Finding:  # fmt: skip
    code, at = ground.community.code, ground.shape.representative_point()
    return Finding(
        kind, code, f"Community {code}: {en}", f"社区 {code}：{zh}", grave=grave,
        amount=float(amount), x=at.x, y=at.y, proved=proved,
    )  # fmt: skip
