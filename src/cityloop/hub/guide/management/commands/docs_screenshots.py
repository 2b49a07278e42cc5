"""`cityloop docs screenshots`: the pictures that the tests took, into the guides."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from PIL import Image

MOST_BYTES = 60_000
WIDEST = 1280
PREFIX = "guide-"


def small(picture: Image.Image) -> bytes:
    """A WebP below MOST_BYTES: first at lower quality, then narrower."""
    width = min(picture.width, WIDEST)
    while True:
        height = round(picture.height * width / picture.width)
        sized = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
        for quality in (82, 70, 58, 46):
            out = io.BytesIO()
            sized.save(out, "WEBP", quality=quality, method=6)
            if out.tell() < MOST_BYTES:
                return out.getvalue()
        width = round(width * 0.85)


class Command(BaseCommand):
    """Only what a test has just taken is replaced; guides keep the pictures they have."""

    help = "指南截图 Pictures of the guides, from artifacts/screens/guide-*.png"

    def add_arguments(self, parser: Any) -> None:
        default = Path(settings.DOCS).parent / "artifacts" / "screens"
        parser.add_argument("--from", dest="source", type=Path, default=default)

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        found = sorted(source.glob(f"{PREFIX}*.png"))
        if not found:
            raise CommandError(
                f"{source} 中没有 {PREFIX}*.png，请先运行 "
                "CITYLOOP_PICTURES=1 ./run test tests/journeys/test_guide_pictures.py。\n"
                f"There is no {PREFIX}*.png in {source}. Run "
                "CITYLOOP_PICTURES=1 ./run test tests/journeys/test_guide_pictures.py first."
            )
        target = Path(settings.DOCS) / "guide" / "img"
        target.mkdir(parents=True, exist_ok=True)
        for path in found:
            with Image.open(path) as picture:
                data = small(picture)
            name = path.stem.removeprefix(PREFIX)
            (target / f"{name}.webp").write_bytes(data)
            self.stdout.write(f"{name}.webp {len(data) / 1000:.0f} kB")
