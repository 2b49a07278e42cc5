"""A district divided into cells, judged from outside, beside METIS and max-p.

    ./run bench places [--size chaoyang] [--seeds 7 8 9] [--no-peers]

Prints one JSON line for each figure. Seconds are CPU seconds of one core; the district comes from
`engines.district.wide` and its making is not counted. Rules and figures of a division are judged
by tests/engines/partition/verifier.py, which knows nothing of the engine.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import shapely
from tests.engines.partition.verifier import Verdict, verify

from benchmarks._lines import show
from cityloop.engines.district.wide import Way, WideDistrict, generate_wide
from cityloop.engines.partition import (
    Building,
    Community,
    Plan,
    Street,
    StreetClass,
    Window,
    plan_community,
    plan_district,
    replan,
)
from cityloop.engines.partition.graph import Graph
from cityloop.engines.partition.intake import Inputs, take_in
from cityloop.engines.partition.planning import survey_of

WINDOW = Window(300, 500, 390.0)
OTHER = Window(360, 600, 480.0)  # what a city might ask for a few years later
MOVED = 0.05  # share of the households that move house before a division is made again
SAMPLE = 60
CLASSES = {
    Way.EXPRESS: StreetClass.EXPRESSWAY, Way.ARTERIAL: StreetClass.ARTERIAL,
    Way.SECONDARY: StreetClass.SECONDARY, Way.LOCAL: StreetClass.LOCAL,
    Way.BANK: StreetClass.WATER, Way.RAIL: StreetClass.WATER, Way.OUTLINE: StreetClass.WALL,
}  # fmt: skip


@dataclass(frozen=True)
class City:
    """Input of the engine made from a synthetic district."""

    communities: list[Community]
    buildings: list[Building]
    streets: list[Street]
    subdistrict: list[int]

    @classmethod
    def of(cls, district: WideDistrict) -> City:
        shapes, people = district.building_shape, district.building_households.tolist()
        edges = zip(district.edge_shape, district.edge_way.tolist(), strict=True)
        codes = zip(district.community_codes(), district.community_shape, strict=True)
        return cls(
            [Community(code, shape) for code, shape in codes],
            [Building(f"b{n}", s, people[n]) for n, s in enumerate(shapes)],
            [Street(line, CLASSES[Way(way)]) for line, way in edges],
            district.community_subdistrict.tolist(),
        )

    def judge(self, plan: Plan) -> Verdict:
        return verify(
            {c.code: c.polygon for c in self.communities},
            [b.footprint for b in self.buildings],
            [b.households for b in self.buildings],
            [s.line for s in self.streets],
            [(cell.community, cell.polygon) for cell in plan.cells],
        )


def whole_district(seed: int, size: str) -> tuple[City, Plan, Inputs]:
    """The district divided and judged."""
    city = City.of(generate_wide(size, seed))
    inputs = take_in(city.communities, city.buildings, city.streets, WINDOW)
    small = inputs.building_in[0]
    plan_community(city.communities[0], [city.buildings[i] for i in small], [])  # compiled now
    start = time.process_time()
    plan = plan_district(city.communities, city.buildings, city.streets, window=WINDOW)
    took = time.process_time() - start
    verdict = city.judge(plan)
    name, n = f"seed{seed}", len(plan.cells)
    households = sum(b.households for b in city.buildings)
    show(f"{name}.seconds", took, "cpu s", 30, 30, below=True, cells=n, households=households,
         communities=len(city.communities))  # fmt: skip
    share = verdict.in_window(WINDOW.lo, WINDOW.hi) * 100
    kinds = Counter(
        f.kind for f in plan.findings if f.kind.split(".")[0] in ("community", "building")
    )
    missed = sum(not WINDOW.holds(h) for h in verdict.households)
    show(f"{name}.in_window", share, "%", 99.5, 100, missed=missed, reasons=dict(kinds))
    told = sum(f.kind in ("cell.below", "cell.above") for f in plan.findings)
    none_of(f"{name}.unexplained", missed - told, "cells")
    none_of(f"{name}.faults", len(verdict.faults), "faults", first=verdict.faults[:3])
    none_of(f"{name}.cut_buildings", verdict.cut_buildings, "buildings")
    show(f"{name}.compactness", verdict.compactness, "mean 4piA/P2", 0.65, 0.785)
    show(f"{name}.on_lines", verdict.on_lines * 100, "%", 60, 100)
    return city, plan, inputs


def none_of(name: str, value: int, unit: str, **more: object) -> None:
    """A figure that has to be zero."""
    print(json.dumps({"name": name, "value": value, "unit": unit, "goal": 0, "ok": value == 0,
                      **more}), flush=True)  # fmt: skip


def one_community(city: City, inputs: Inputs) -> None:
    """Each community alone, as an editor asks for it."""
    times = []
    for n in range(0, len(city.communities), max(1, len(city.communities) // SAMPLE)):
        homes = [city.buildings[i] for i in inputs.building_in[n]]
        lines = [city.streets[i] for i in inputs.street_in[n]]
        start = time.process_time()
        plan_community(city.communities[n], homes, lines, window=WINDOW)
        times.append((time.process_time() - start) * 1000)
    show("community.mean", float(np.mean(times)), "ms", 100, 100, below=True,
         median=float(np.median(times)), p95=float(np.percentile(times, 95)))  # fmt: skip


def divided_again(city: City, plan: Plan, inputs: Inputs) -> None:
    """A twentieth of each community's households moves to other buildings of it."""
    dice = np.random.default_rng(7)
    before, cells_of = plan.cell_of(), {c.code: plan.polygons_of(c.code) for c in city.communities}
    total = kept = cells = fitting = 0
    times = []
    for n in range(0, len(city.communities), max(1, len(city.communities) // SAMPLE)):
        community = city.communities[n]
        homes = after_moving([city.buildings[i] for i in inputs.building_in[n]], dice)
        lines = [city.streets[i] for i in inputs.street_in[n]]
        start = time.process_time()
        again = replan(community, homes, lines, existing=cells_of[community.code], window=WINDOW)
        times.append((time.process_time() - start) * 1000)
        now = again.cell_of()
        total += sum(b.households for b in homes)
        kept += sum(b.households for b in homes if now.get(b.code) == before.get(b.code))
        cells += len(again.cells)
        fitting += sum(WINDOW.holds(cell.weight) for cell in again.cells)
    show("again.kept", kept / total * 100, "% of households", 90, 100, cells=cells,
         in_window=fitting / cells * 100, mean_ms=float(np.mean(times)))  # fmt: skip


def other_window(city: City, plan: Plan, inputs: Inputs) -> None:
    """The cells of one window divided again for a very different one."""
    fitting, cells, times = [0, 0], [0, 0], []
    for n in range(0, len(city.communities), max(1, len(city.communities) // SAMPLE)):
        community = city.communities[n]
        homes = [city.buildings[i] for i in inputs.building_in[n]]
        lines = [city.streets[i] for i in inputs.street_in[n]]
        present = plan.polygons_of(community.code)
        start = time.process_time()
        again = replan(community, homes, lines, existing=present, window=OTHER)
        times.append((time.process_time() - start) * 1000)
        fresh = plan_community(community, homes, lines, window=OTHER)
        for k, made in enumerate((again, fresh)):
            cells[k] += len(made.cells)
            fitting[k] += sum(OTHER.holds(cell.weight) for cell in made.cells)
    share = fitting[0] / cells[0] * 100
    show("again.other_window", share, "% in window", 99.5, 100, cells=cells[0],
         from_nothing=fitting[1] / cells[1] * 100, mean_ms=float(np.mean(times)))  # fmt: skip


def after_moving(homes: list[Building], dice: np.random.Generator) -> list[Building]:
    """Households leave buildings near one spot for others, one building at a time."""
    lived = [n for n, b in enumerate(homes) if b.households > 0]
    if len(lived) < 4:
        return homes
    people = np.array([b.households for b in homes])
    spot = homes[int(dice.choice(lived))].footprint
    order = sorted(lived, key=lambda n: homes[n].footprint.distance(spot))
    going, left = int(people.sum() * MOVED), int(people.sum() * MOVED)
    for n in order:
        step = min(left, int(people[n] // 2))
        people[n] -= step
        left -= step
    coming = dice.choice(order[len(order) // 3 :], size=max(4, len(order) // 10))
    np.add.at(people, coming, dice.multinomial(going - left, np.full(len(coming), 1 / len(coming))))
    return [replace(b, households=int(people[n])) for n, b in enumerate(homes)]


def peers(city: City, inputs: Inputs, plan: Plan) -> None:
    """METIS and max-p on the graph of one street, and METIS on the district."""
    counts = Counter(city.subdistrict)
    street = min(counts, key=lambda s: (abs(counts[s] - 25), s))
    chosen = [n for n, s in enumerate(city.subdistrict) if s == street]
    graphs = [survey_of(inputs, n, WINDOW).graph for n in range(len(city.communities))]
    own = [c for c in plan.cells if c.community in {city.communities[n].code for n in chosen}]
    ours = sum(WINDOW.holds(c.weight) for c in own) / len(own) * 100
    few = {"communities": len(chosen), "cells": len(own)}
    show("street.ours", ours, "% in window", 0, 100, **few)
    try:
        import pymetis  # noqa: F401
    except ImportError:
        print("pymetis is not installed: no comparison with METIS")
    else:
        by_metis("street.metis", [graphs[n] for n in chosen])
        by_metis("district.metis", graphs)
    try:
        import spopt  # noqa: F401
    except ImportError:
        print("spopt is not installed: no comparison with max-p")
    else:
        by_max_p("street.max_p", [graphs[n] for n in chosen])


def told(name: str, found: list[tuple[Graph, np.ndarray]], took: float) -> None:
    weights = [np.bincount(labels, graph.weight) for graph, labels in found]
    weights = [w[w > 0] for w in weights]
    cells = sum(len(w) for w in weights)
    inside = sum(int(((w >= WINDOW.lo) & (w <= WINDOW.hi)).sum()) for w in weights)
    show(name, inside / cells * 100, "% in window", 0, 100, cells=cells, cpu_s=took)


def by_metis(name: str, graphs: list[Graph]) -> None:
    import pymetis

    start, found = time.process_time(), []
    for graph in graphs:
        k = max(1, round(int(graph.weight.sum()) / WINDOW.target))
        if k == 1 or len(graph) <= k:
            found.append((graph, np.arange(len(graph)) % k))
            continue
        options = pymetis.Options(contig=graph.components()[0] == 1, seed=1, ufactor=250)
        cost = np.maximum(1, np.round(graph.cost)).astype(int)
        _, labels = pymetis.part_graph(
            k, xadj=graph.ptr, adjncy=graph.adj, vweights=graph.weight, eweights=cost,
            recursive=False, options=options,
        )  # fmt: skip
        found.append((graph, np.asarray(labels)))
    told(name, found, time.process_time() - start)


def by_max_p(name: str, graphs: list[Graph]) -> None:
    import warnings

    import geopandas
    import libpysal
    from spopt.region import MaxPHeuristic

    warnings.filterwarnings("ignore")
    start, found = time.process_time(), []
    for graph in graphs:
        spots = shapely.points(np.arange(len(graph)), 0)
        frame = geopandas.GeoDataFrame({"hh": graph.weight}, geometry=spots)
        near = {v: graph.adj[graph.ptr[v] : graph.ptr[v + 1]].tolist() for v in range(len(graph))}
        model = MaxPHeuristic(
            frame,
            libpysal.weights.W(near, silence_warnings=True),
            ["hh"],
            "hh",
            WINDOW.lo,
            2,
            20,
            2,
        )
        model.solve()
        found.append((graph, np.unique(model.labels_, return_inverse=True)[1]))
    told(name, found, time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default="chaoyang")
    parser.add_argument("--seeds", type=int, nargs="*", default=[7, 8, 9])
    parser.add_argument("--no-peers", action="store_true")
    given = parser.parse_args()
    for n, seed in enumerate(given.seeds):
        city, plan, inputs = whole_district(seed, given.size)
        if n == 0:
            one_community(city, inputs)
            divided_again(city, plan, inputs)
            other_window(city, plan, inputs)
            if not given.no_peers:
                peers(city, inputs, plan)


if __name__ == "__main__":
    main()
