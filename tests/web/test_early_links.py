"""The head of a page names what it will load."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cityloop.web.pages import early
from cityloop.web.pages.early import early_links

PAGE, MAP = "src/features/centre/CentrePage.vue", "node_modules/maplibre-gl/dist/maplibre-gl-csp.js"
BUILT: dict[str, dict[str, Any]] = {
    "desk.html": {"file": "assets/desk.js", "isEntry": True, "css": ["assets/desk.css"]},
    "_map.js": {"file": "assets/map.js", "imports": ["desk.html"], "css": ["assets/map.css"]},
    PAGE: {"file": "assets/centre.js", "imports": ["desk.html", "_map.js"]},
    MAP: {"file": "assets/libre.js"},
}


def test_a_page_names_its_own_scripts_and_styles_but_not_those_of_its_room(
    tmp_path: Path, settings: Any
) -> None:
    settings.FRONT = tmp_path
    assert early_links("/centre/") == "", "nothing is built"
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(BUILT))
    named = [part.partition('"')[0] for part in early_links("/centre/").split('href="')[1:]]
    names = ["libre.js", "centre.js", "map.js", "map.css"]
    assert named == [f"/static/front/assets/{name}" for name in names]
    assert early_links("/cases/") == ""


def test_what_is_named_is_in_the_build() -> None:
    sources = Path(__file__).resolve().parents[2] / "frontend"
    own = [name for names in early.NEEDED.values() for name in names if name.startswith("src/")]
    assert own and all((sources / name).is_file() for name in own)
