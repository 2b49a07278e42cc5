"""What a file is, by its first bytes. Names and declared types are claims and not looked at."""

from __future__ import annotations

ALLOWED = ("jpeg", "png", "webp")

_SIGNATURES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"%PDF-", "pdf"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"8BPS", "psd"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"\x00\x00\x01\x00", "ico"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def kind_of(data: bytes) -> str | None:
    """One word for the kind of file ("jpeg", "heic", "svg", ...), None when nothing is known."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        return _iso_media_kind(data[8:12])
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    return _markup_kind(data[:4096])


def _iso_media_kind(brand: bytes) -> str:
    if brand in _HEIC_BRANDS:
        return "heic"
    return "avif" if brand in (b"avif", b"avis") else "video"


def _markup_kind(head: bytes) -> str | None:
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not text.startswith(b"<"):
        return None
    if b"<svg" in text:
        return "svg"
    return "html" if b"<html" in text or b"<!doctype html" in text else "xml"
