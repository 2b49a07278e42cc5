"""Photos that nobody took: drawn, and marked as drawn."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw


@lru_cache(maxsize=32)
def synthetic_photo(number: int) -> bytes:
    """One of a few drawn street scenes, as JPEG."""
    width, height = 480, 320
    sky = (196 - number * 4, 206, 214)
    picture = Image.new("RGB", (width, height), sky)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 200, width, height), fill=(118, 120, 122))
    for n in range(5):
        left = n * 100 - (number * 17) % 60
        top = 60 + (n * 37 + number * 23) % 90
        shade = 150 + (n * 29 + number * 11) % 60
        pen.rectangle((left, top, left + 84, 200), fill=(shade, shade - 8, shade - 22))
        for row in range(top + 12, 188, 22):
            for column in range(left + 10, left + 74, 20):
                pen.rectangle((column, row, column + 9, row + 11), fill=(84, 96, 110))
    for left in range(10 - number * 3, width, 90):
        pen.rectangle((left, 256, left + 46, 261), fill=(226, 226, 220))
    spot = 110 + (number * 53) % 260
    pen.ellipse((spot, 270, spot + 74, 300), fill=(70, 84, 78), outline=(40, 48, 44), width=3)
    pen.rectangle((0, 0, width, 22), fill=(30, 36, 40))
    pen.text((8, 5), "SYNTHETIC PHOTO - CityLoop demonstration", fill=(240, 240, 236))
    picture = picture.resize((360, 240))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=72)
    return out.getvalue()
