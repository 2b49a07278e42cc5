"""Pictures for the tests, good and bad, made as needed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image


def colours(width: int = 64, height: int = 48) -> Image.Image:
    """Left half red, right half blue, so that a turn shows."""
    image = Image.new("RGB", (width, height), (200, 20, 20))
    image.paste((20, 20, 200), (width // 2, 0, width, height))
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(
    *,
    lat: Any = (35.0, 1.0, 7.5),
    lon: Any = (111.0, 0.0, 1.0),
    taken: str = "2024:05:01 12:30:00",
    orientation: int = 1,
    maker_note: bytes = b"",
    letters: tuple[str, str] = ("N", "E"),
) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = "<script>alert(1)</script>"
    found[0x0110] = "Phone X serial 12345"
    gps = found.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = letters[0], lat, letters[1], lon
    tags = found.get_ifd(0x8769)
    tags[0x9003] = taken
    if maker_note:
        tags[0x927C] = maker_note
    return found


def zip_and_html() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.html", "<script>alert(2)</script>")
    return b"<html><script>alert(1)</script></html>" + out.getvalue()


def png_bomb(width: int = 12_000, height: int = 14_000) -> bytes:
    """168 million black pixels in some 480 KB."""

    def part(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    packer = zlib.compressobj(1)
    row = bytes(1 + width * 3)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


def png_header_only(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixel: damaged for whoever decodes before checking."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    check = struct.pack(">I", zlib.crc32(head))
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + head
        + check
        + struct.pack(">I", 100)
        + b"IDAT"
        + b"\0" * 104
    )
