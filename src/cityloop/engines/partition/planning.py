"""Dividing one community, a district, and dividing again."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.engines.partition.checking import weigh_cells
from cityloop.engines.partition.divide import (
    Effort,
    Inherited,
    divide,
    divide_again,
    seeded,
)
from cityloop.engines.partition.drawing import draw_cells
from cityloop.engines.partition.explain import explain
from cityloop.engines.partition.intake import Inputs, take_in
from cityloop.engines.partition.kernels import Ints
from cityloop.engines.partition.model import (
    Building,
    Cell,
    Community,
    Plan,
    Street,
    Window,
)
from cityloop.engines.partition.numbering import number_cells
from cityloop.engines.partition.survey import Ground, survey

Existing = Mapping[int, BaseGeometry]


def plan_community(
    community: Community,
    buildings: Sequence[Building],
    streets: Sequence[Street],
    *,
    window: Window | None = None,
    seed: int = 7,
    effort: Effort | None = None,
) -> Plan:
    """Cells of one community, from nothing.

    Args:
        buildings, streets: what lies in it or touches it; what lies elsewhere is left out.
    Returns: cells numbered 1.. from the north-west; findings tell what is not as the window asks
        and whether any division could do better.
    Raises: DomainError partition.* for input that cannot be used (see `take_in`).
    """
    return plan_district([community], buildings, streets, window=window, seed=seed, effort=effort)


def plan_district(
    communities: Sequence[Community],
    buildings: Sequence[Building],
    streets: Sequence[Street],
    *,
    window: Window | None = None,
    seed: int = 7,
    effort: Effort | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """Cells of many communities; each is divided as if it were alone, so that one planned later
    by itself with the same seed comes out the same.

    Args:
        progress: called with (communities done, communities).
    """
    return replan_district(
        communities, buildings, streets, existing={}, window=window, seed=seed, effort=effort,
        progress=progress,
    )  # fmt: skip


def replan(
    community: Community,
    buildings: Sequence[Building],
    streets: Sequence[Street],
    *,
    existing: Existing,
    locked: Collection[int] = (),
    taken: Collection[int] = (),
    window: Window | None = None,
    seed: int = 7,
    effort: Effort | None = None,
) -> Plan:
    """Divide again, moving as few households as the window allows.

    Args:
        existing: polygon of every present cell by its number.
        locked: numbers of cells that must stay as they are.
        taken: numbers of ended cells, never given again.
    Returns: cells that persist keep their number; new ones follow the highest number.
    """
    code = community.code
    return replan_district(
        [community], buildings, streets, existing={code: existing}, locked={code: locked},
        taken={code: taken}, window=window, seed=seed, effort=effort,
    )  # fmt: skip


def replan_district(
    communities: Sequence[Community],
    buildings: Sequence[Building],
    streets: Sequence[Street],
    *,
    existing: Mapping[str, Existing],
    locked: Mapping[str, Collection[int]] | None = None,
    taken: Mapping[str, Collection[int]] | None = None,
    window: Window | None = None,
    seed: int = 7,
    effort: Effort | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """`replan` for many communities; existing, locked and taken by the code of the community.

    A community without present cells is divided from nothing; so is one whose present cells are
    far more or fewer than the window allows, for they are of another kind of grid.
    """
    window, effort = window or Window(), effort or Effort()
    inputs = take_in(communities, buildings, streets, window)
    cells: list[Cell] = []
    findings = list(inputs.findings)
    for n, community in enumerate(inputs.communities):
        code = community.code
        present, ended = existing.get(code, {}), set((taken or {}).get(code, ()))
        ground, state = survey_of(inputs, n, window), _state(seed, community)
        held = (locked or {}).get(code, ())
        if present and not held and not could_persist(len(present), ground, window):
            ended, present = {*ended, *present}, {}
        if present:
            old = inherited(ground, present, held)
            labels = divide_again(ground.graph, window, old, state, effort)
        else:
            labels = divide(ground.graph, window, state, effort)
        done = _drawn(ground, labels, dict(enumerate(present)), {*ended, *present}, window)
        cells += done.cells
        findings += done.findings
        if progress:
            progress(n + 1, len(inputs.communities))
    return Plan(window, tuple(stitched(cells)), tuple(findings))


def could_persist(cells: int, ground: Ground, window: Window) -> bool:
    """Whether so many cells can fit the window when one is dissolved, cut, or none."""
    total = int(ground.graph.weight.sum())
    fewest = max(1, -(-total // window.hi))
    return fewest - 1 <= cells <= max(fewest, total // window.lo) + 1


def survey_of(inputs: Inputs, n: int, window: Window) -> Ground:
    """The n-th community surveyed with its buildings and streets."""
    return survey(
        inputs.communities[n],
        [inputs.buildings[i] for i in inputs.building_in[n]],
        [inputs.streets[i] for i in inputs.street_in[n]],
        window,
    )


def inherited(ground: Ground, existing: Existing, locked: Collection[int] = ()) -> Inherited:
    """The old cell of each atom: where most of its weight (else of its sites) lies."""
    numbers = list(existing)
    labels = np.full(ground.atoms, -1, np.int64)
    if numbers:
        shapes = np.array(list(existing.values()), dtype=object)
        tree = shapely.STRtree(shapes)
        dots, at = tree.query(shapely.points(ground.sites), predicate="intersects")
        votes = np.zeros((ground.atoms, len(numbers)))
        np.add.at(votes, (ground.site_atom[dots], at), 1.0)
        held = votes.sum(axis=1) > 0
        labels[held] = votes[held].argmax(axis=1)
    fixed = np.isin(labels, [i for i, n in enumerate(numbers) if n in set(locked)])
    return Inherited(labels, fixed, len(numbers))


def _state(seed: int, community: Community) -> Ints:
    return seeded(seed ^ zlib.crc32(community.code.encode()))


def _drawn(
    ground: Ground, labels: Ints, names: Mapping[int, int], taken: Collection[int], window: Window
) -> Plan:
    """Polygons, numbers, weights and findings of a division of one community."""
    drawing = draw_cells(ground, labels)
    kept = [names.get(int(label)) for label in drawing.labels]
    numbers = number_cells(list(drawing.shapes), kept, taken)
    cells = weigh_cells(
        ground.community.code, dict(zip(numbers, drawing.shapes, strict=True)),
        ground.buildings, window, points=ground.points,
    )  # fmt: skip
    return Plan(window, tuple(cells), tuple(explain(ground, cells, window)))


def stitched(cells: Sequence[Cell]) -> list[Cell]:
    """Neighbours across a community border get each other's vertices, so that all cells together
    are an exact coverage. Shapes move by less than a millimetre."""
    if len({cell.community for cell in cells}) < 2:
        return list(cells)
    shapes = shapely.coverage_clean(
        np.array([cell.polygon for cell in cells], dtype=object), snapping_distance=1e-3
    )
    return [replace(cell, polygon=shape) for cell, shape in zip(cells, shapes, strict=True)]
