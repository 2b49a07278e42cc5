"""The process that decodes. Runs alone (python -I decoder_process.py MEMORY_BYTES), reads jobs
from its standard input, a socket, and answers there. Imports Pillow and the standard library only.
"""

from __future__ import annotations

import io
import json
import math
import re
import resource
import socket
import struct
import sys
import warnings
from typing import Any

from PIL import Image, ImageCms, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

_LENGTHS = struct.Struct(">III")
_MAX_JOB = 256 * 1024 * 1024
_PLUGINS = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)  # imported before the limits
_FORMATS = ("JPEG", "PNG", "WEBP")
_GPS, _EXIF = 0x8825, 0x8769
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TAKEN_AT, _TAKEN_OFFSET = 0x9003, 0x9011


class _Refused(Exception):
    def __init__(self, refused: str, **fields: Any) -> None:
        super().__init__(refused)
        self.fields = {"refused": refused, **fields}


def lock_up(memory_bytes: int) -> None:
    """Give up what a decoder does not need: memory, files, further processes' core dumps."""
    for name, limit in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(name, (limit, limit))
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def picture(data: bytes, job: dict[str, Any]) -> tuple[dict[str, Any], bytes, bytes]:
    """Head, JPEG and thumbnail of one picture. Raises _Refused, or what Pillow raises."""
    Image.MAX_IMAGE_PIXELS = None  # our own check follows, with figures in the answer
    image: Image.Image = Image.open(io.BytesIO(data), formats=_FORMATS)
    width, height = image.size
    if width * height > job["max_pixels"]:
        raise _Refused("too_many_pixels", width=width, height=height)
    Image.MAX_IMAGE_PIXELS = job["max_pixels"]
    side = job["long_side"]
    image.draft("RGB", (side, side))  # JPEG only: decode at half size where that is still enough
    # Before EXIF: reading the EXIF of a PNG loads it, and a load that failed once fails no more.
    image.load()
    claims = read_claims(image)
    turn = read_turn(image)
    profile = image.info.get("icc_profile")
    image = in_rgb(image, side)
    image = upright(image, turn)
    image = in_srgb(image, profile)
    small = reduced(image, job["thumbnail_side"])
    head = {"width": image.width, "height": image.height, "claims": claims}
    return head, as_jpeg(image, 85), as_jpeg(small, 78)


def read_turn(image: Image.Image) -> Image.Transpose | None:
    """How EXIF says the camera was held; a broken EXIF block says nothing."""
    try:
        return _TURNS.get(int(image.getexif().get(_ORIENTATION, 1)))
    except MemoryError:
        raise
    except Exception:
        return None


def upright(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    """Turned after the reduction, which is several times cheaper than before."""
    return image if turn is None else image.transpose(turn)


def in_rgb(image: Image.Image, side: int) -> Image.Image:
    """Reduced and in RGB; what is transparent becomes white."""
    if image.mode.startswith("I"):  # 16-bit grey: Pillow would cut, not scale
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = reduced(image, side)
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, image).convert("RGB")
    if image.mode != "RGB":
        image = image.convert("RGB")
    return reduced(image, side)


def reduced(image: Image.Image, side: int) -> Image.Image:
    """Long side at most `side`; smaller pictures stay as they are."""
    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    # Box: the mean over the area of a pixel, in less than half the time of bicubic.
    return image.resize(size, Image.Resampling.BOX)


def in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Colours as seen: phones write wide-gamut profiles, which we drop."""
    if not isinstance(profile, bytes) or not 128 <= len(profile) <= 1 << 20:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
    except MemoryError:
        raise
    except Exception:
        return image


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    """JPEG of the pixels alone: `info` is emptied so that no comment or profile travels along."""
    image.info = {}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def read_claims(image: Image.Image) -> dict[str, Any]:
    """Place and time as EXIF says. Nothing in EXIF can fail the photo."""
    claims: dict[str, Any] = {}
    ignored: list[str] = []
    for read in (_place, _time):
        try:
            claims.update(read(image.getexif(), ignored))
        except MemoryError:
            raise
        except Exception as error:
            ignored.append(f"{read.__name__.strip('_')}: unreadable ({type(error).__name__})")
    return {**claims, "ignored": ignored} if ignored else claims


def _place(exif: Image.Exif, ignored: list[str]) -> dict[str, Any]:
    gps = exif.get_ifd(_GPS)
    if 2 not in gps or 4 not in gps:
        return {}
    lat = _degrees(gps[2], gps.get(1), "N", "S")
    lon = _degrees(gps[4], gps.get(3), "E", "W")
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        ignored.append("place: not a position on earth")
        return {}
    if lat == 0 and lon == 0:
        ignored.append("place: 0, 0 is what a receiver without a fix writes")
        return {}
    claims: dict[str, Any] = {"lon": round(lon, 7), "lat": round(lat, 7)}
    datum = re.sub(r"[^A-Za-z0-9 _.-]", "", str(gps.get(18, "")))[:20].strip()
    error_m = float(gps[31]) if 31 in gps else math.nan
    if datum:
        claims["gps_datum"] = datum
    if math.isfinite(error_m) and error_m >= 0:
        claims["gps_error_m"] = round(error_m, 1)
    return claims


def _degrees(parts: Any, letter: Any, plus: str, minus: str) -> float | None:
    if isinstance(letter, bytes):
        letter = letter.decode("ascii", "replace")
    letter = str(letter).strip("\0 ").upper()
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    sane = degrees >= 0 and 0 <= minutes < 60.001 and 0 <= seconds < 60.001
    if letter not in (plus, minus) or not math.isfinite(value) or not sane:
        return None
    return -value if letter == minus else value


def _time(exif: Image.Exif, ignored: list[str]) -> dict[str, Any]:
    tags = exif.get_ifd(_EXIF)
    text = str(tags.get(_TAKEN_AT, "")).strip("\0 ")
    if not text or not re.sub(r"[0: ]", "", text):
        return {}
    found = re.fullmatch(r"(\d{4}):(\d\d):(\d\d) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", text)
    if not found or not 1 <= int(found[2]) <= 12 or not 1 <= int(found[3]) <= 31:
        ignored.append("time: not a date and time")
        return {}
    taken_at = "{}-{}-{}T{}:{}:{}".format(*found.groups())
    offset = str(tags.get(_TAKEN_OFFSET, "")).strip("\0 ")
    if re.fullmatch(r"[+-]([01]\d|2[0-3]):[0-5]\d", offset):
        taken_at += offset
    return {"taken_at": taken_at}


def answer(data: bytes, job: dict[str, Any]) -> tuple[dict[str, Any], bytes, bytes]:
    """Like picture(), with every failure turned into a head that says so."""
    try:
        return picture(data, job)
    except _Refused as refused:
        return refused.fields, b"", b""
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return {"refused": "too_many_pixels"}, b"", b""
    except MemoryError:
        return {"refused": "damaged", "reason": "needs too much memory"}, b"", b""
    except Exception as error:
        reason = re.sub(r"<[^>]*>", "", str(error))  # no object addresses
        return {"refused": "damaged", "reason": reason[:120] or type(error).__name__}, b"", b""


def read_exactly(link: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = link.recv(min(length - len(parts), 1 << 20))
        if not part:
            sys.exit(0)  # our owner is gone
        parts += part
    return bytes(parts)


def main() -> None:
    lock_up(int(sys.argv[1]))
    link = socket.socket(fileno=0)
    while True:
        head_length, data_length, _ = _LENGTHS.unpack(read_exactly(link, _LENGTHS.size))
        if head_length + data_length > _MAX_JOB:
            sys.exit(1)
        job = json.loads(read_exactly(link, head_length))
        head, jpeg, thumbnail = answer(read_exactly(link, data_length), job)
        encoded = json.dumps(head, allow_nan=False).encode()
        lengths = _LENGTHS.pack(len(encoded), len(jpeg), len(thumbnail))
        link.sendall(lengths + encoded + jpeg + thumbnail)


if __name__ == "__main__":
    main()
