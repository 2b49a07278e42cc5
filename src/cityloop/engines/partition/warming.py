"""Machine code of all kernels, made before it is needed.

It is kept on disk (`compiled`), so one process can make it for others: where numba is installed
it takes some twenty seconds once, and a fraction of one to load afterwards.
"""

from __future__ import annotations

import importlib.metadata
import platform
from pathlib import Path

from shapely import LineString, box

from cityloop.engines.partition.balance import share_out
from cityloop.engines.partition.compiled import _folder, is_compiling
from cityloop.engines.partition.editing import Division, split
from cityloop.engines.partition.model import Building, Community, Street
from cityloop.engines.partition.planning import replan


def is_warm() -> bool:
    """Can kernels be used at once: is there machine code of these very sources, or no need?"""
    return not is_compiling() or _mark().exists()


def warm() -> None:
    """Use every kernel once on a small community, so that its machine code is kept."""
    ground = Community("warm", box(0, 0, 400, 200))
    homes = [
        Building(f"b{n}", box(x, y, x + 20, y + 12), 60)
        for n, (x, y) in enumerate((x, y) for x in range(10, 400, 40) for y in (20, 60, 120, 160))
    ]
    streets = [Street(LineString([(0, 100), (400, 100)]))]
    afresh = replan(ground, homes, streets, existing={})
    cells = afresh.polygons()
    numbered = {number: shape for (_, number), shape in cells.items()}
    replan(ground, homes, streets, existing={1: ground.polygon})  # one that has to be cut
    split(Division(ground, tuple(homes), tuple(streets), numbered), min(numbered))
    share_out(list(numbered.values()), [1.0] * len(numbered), 2)
    if is_compiling():
        mark = _mark()
        if mark.parent.is_dir():  # else numba keeps its code elsewhere, or nowhere
            mark.touch()


def _mark() -> Path:
    """A file that says: all are here, for this interpreter and this numba."""
    version = importlib.metadata.version("numba")
    return Path(_folder()) / f"complete-{platform.python_version()}-{version}-{platform.machine()}"
