"""Take one photo in: check, decode behind a wall, write a clean JPEG."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cityloop.engines.pictures import refusals
from cityloop.engines.pictures.decoders import DecoderLost, DecoderPool, DecoderTimeout, Job
from cityloop.engines.pictures.kinds import ALLOWED, kind_of
from cityloop.kernel.errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONG_SIDE = 2560
THUMBNAIL_SIDE = 320

_pool = DecoderPool()


@dataclass(frozen=True)
class Picture:
    """A photo that is safe to store and to show.

    jpeg: re-encoded picture, upright, without any metadata.
    width, height: of that picture, pixels.
    sha256_original: hex hash of the bytes that came in (for the trace).
    thumbnail: JPEG, long side at most 320 pixels.
    claims: what the original said of itself, to be believed by nobody without a check. Keys, each
        only when present: lon, lat (degrees, datum as EXIF says, normally WGS84), gps_datum,
        gps_error_m, taken_at (ISO; without offset unless EXIF had one), ignored (list of reasons
        why a claim was left out). The device and its serial number are never read.
    """

    jpeg: bytes
    width: int
    height: int
    sha256_original: str
    thumbnail: bytes
    claims: dict[str, Any]


def take_in(
    data: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
    timeout_s: float = 15.0,
    pool: DecoderPool | None = None,
) -> Picture:
    """The clean picture made of an uploaded file.

    Args:
        data: the file as it came; JPEG, PNG or WebP by content.
        max_bytes: of the file.
        max_pixels: width x height of the header, checked before anything is decoded.
        timeout_s: for the whole decoding; the decoding process is ended after it.
        pool: decoding processes to use (default: one shared pool, started at the first photo).
    Raises: DomainError photo.too_large, photo.too_many_pixels, photo.not_a_picture,
        photo.kind_not_allowed, photo.damaged, photo.timeout.
    """
    _check_kind(data, max_bytes)
    job = Job(bytes(data), max_pixels, LONG_SIDE, THUMBNAIL_SIDE)
    try:
        reply = (pool or _pool).decode(job, timeout_s=timeout_s)
    except DecoderTimeout:
        raise refusals.timeout(timeout_s) from None
    except DecoderLost:
        raise refusals.damaged("the decoder broke down on it") from None
    if "refused" in reply.head:
        raise _refusal(reply.head, max_pixels)
    return Picture(
        jpeg=reply.jpeg,
        width=int(reply.head["width"]),
        height=int(reply.head["height"]),
        sha256_original=hashlib.sha256(data).hexdigest(),
        thumbnail=reply.thumbnail,
        claims=dict(reply.head["claims"]),
    )


def _check_kind(data: bytes, max_bytes: int) -> None:
    if len(data) > max_bytes:
        raise refusals.too_large(len(data), max_bytes)
    kind = kind_of(data)
    if kind is None:
        raise refusals.not_a_picture(len(data))
    if kind not in ALLOWED:
        raise refusals.kind_not_allowed(kind)


def _refusal(head: dict[str, Any], max_pixels: int) -> DomainError:
    if head["refused"] == "too_many_pixels":
        return refusals.too_many_pixels(
            int(head.get("width", 0)), int(head.get("height", 0)), max_pixels
        )
    return refusals.damaged(str(head.get("reason", "unreadable"))[:200])
