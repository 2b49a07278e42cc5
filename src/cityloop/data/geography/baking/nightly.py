"""The baked map made anew at night, when a layer has changed since."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

import cityloop
from cityloop.data.geography.baking.layers import LAYERS, stamps
from cityloop.data.geography.baking.reading import Baked, baked_map
from cityloop.data.geography.baking.serving import map_path

NIGHT = range(2, 5)  # hours of the city's own time
_baking: list[subprocess.Popen[bytes]] = []


def bake_if_due(now: datetime) -> bool:
    """Begin to bake in a process of its own, so that the worker goes on; whether it was begun.

    Only a map that somebody baked is baked again, with the layers it had.
    """
    _baking[:] = [one for one in _baking if one.poll() is None]
    found = baked_map(map_path())
    hour = now.astimezone(ZoneInfo(settings.TIME_ZONE)).hour
    if found is None or _baking or hour not in NIGHT or not changed_layers(found):
        return False
    left_out = [part for name in LAYERS if name not in found.stamps for part in ("--without", name)]
    env = {**os.environ, "PYTHONPATH": str(Path(cityloop.__file__).parents[1])}
    _baking.append(
        subprocess.Popen(  # noqa: S603  our own interpreter
            [sys.executable, "-m", "cityloop.config.cli", "tiles", "bake", *left_out],
            env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
    )  # fmt: skip
    return True


def changed_layers(found: Baked) -> list[str]:
    """Layers of a baked map that are drawn from their registers at present."""
    now = stamps()
    return [name for name, stamp in found.stamps.items() if now.get(name) != stamp]
