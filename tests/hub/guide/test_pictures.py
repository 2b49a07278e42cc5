"""Pictures of the guides are small, and every one that is named is there."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from PIL import Image

from cityloop.hub.guide.management.commands.docs_screenshots import MOST_BYTES, small

GUIDE = Path(settings.DOCS) / "guide"


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))


def test_even_noise_becomes_small_enough() -> None:
    made = small(noise(480, 300))
    assert len(made) < MOST_BYTES
    assert Image.open(io.BytesIO(made)).format == "WEBP"


def test_a_phone_keeps_its_width() -> None:
    assert Image.open(io.BytesIO(small(Image.new("RGB", (360, 740), "white")))).width == 360


def test_pictures_go_where_the_guides_look(tmp_path: Path, settings: object) -> None:
    settings.DOCS = tmp_path / "docs"  # type: ignore[attr-defined]
    with pytest.raises(CommandError):
        call_command("docs_screenshots", source=tmp_path)
    Image.new("RGB", (400, 300), "teal").save(tmp_path / "guide-desk-en.png")
    call_command("docs_screenshots", source=tmp_path, stdout=io.StringIO())
    assert (tmp_path / "docs" / "guide" / "img" / "desk-en.webp").is_file()


def test_every_picture_of_a_guide_is_there_and_small() -> None:
    named = {
        name
        for path in (GUIDE / "roles").glob("*.md")
        for name in re.findall(r"img/([a-z0-9-]+\.webp)", path.read_text("utf-8"))
    }
    there = {p.name: p.stat().st_size for p in (GUIDE / "img").glob("*.webp")}
    assert named - set(there) == set()
    assert all(size < MOST_BYTES for size in there.values())
