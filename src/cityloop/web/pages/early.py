"""What a page loads besides the script of its room, told in its head: the browser fetches it
beside that script instead of after having run it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

BASE = "/static/front/"
# address → what it needs, as the build's manifest calls it
NEEDED = {
    "/centre/": (
        "node_modules/maplibre-gl/dist/maplibre-gl-csp.js",
        "src/features/centre/CentrePage.vue",
    ),
}


def early_links(path: str) -> str:
    """The head's links for an address; "" where its room's script is all it needs."""
    needed = NEEDED.get(path)
    manifest = Path(settings.FRONT) / ".vite" / "manifest.json"
    if needed is None or not manifest.is_file():
        return ""
    return _links(manifest, manifest.stat().st_mtime_ns, needed)


@lru_cache(maxsize=8)
def _links(path: Path, changed: int, needed: tuple[str, ...]) -> str:
    manifest = json.loads(path.read_text("utf-8"))
    chunks = {key: None for name in needed for key in _reached(manifest, name)}
    scripts = (manifest[key]["file"] for key in chunks)
    styles = (css for key in chunks for css in manifest[key].get("css", ()))
    return "".join(
        [f'<link rel="modulepreload" crossorigin href="{BASE}{file}">' for file in scripts]
        + [f'<link rel="stylesheet" crossorigin href="{BASE}{file}">' for file in styles]
    )


def _reached(manifest: dict[str, Any], name: str) -> Iterator[str]:
    """A chunk and those that it begins with; the room's own are in the page already."""
    chunk = manifest.get(name)
    if chunk is None or chunk.get("isEntry"):
        return
    yield name
    for other in chunk.get("imports", ()):
        yield from _reached(manifest, other)
