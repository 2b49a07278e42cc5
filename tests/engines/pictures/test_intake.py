"""Photos from strangers: what comes out of good ones, and how bad ones are refused."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from cityloop.engines.pictures import take_in
from cityloop.kernel.errors import DomainError
from tests.engines.pictures.pictures_made import (
    colours,
    encoded,
    exif,
    png_bomb,
    png_header_only,
    zip_and_html,
)


def refused(data: bytes, **limits: int) -> DomainError:
    with pytest.raises(DomainError) as caught:
        take_in(data, **limits)
    assert caught.value.zh != caught.value.en
    return caught.value


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_allowed_kind_becomes_jpeg_with_thumbnail(kind: str) -> None:
    data = encoded(colours(800, 600), kind)
    picture = take_in(data)
    assert (picture.width, picture.height) == (800, 600)
    assert picture.sha256_original == hashlib.sha256(data).hexdigest()
    assert picture.claims == {}
    assert Image.open(io.BytesIO(picture.jpeg)).format == "JPEG"
    assert Image.open(io.BytesIO(picture.thumbnail)).size == (320, 240)


def test_large_photo_is_reduced_to_2560() -> None:
    picture = take_in(encoded(colours(4000, 3000)))
    assert (picture.width, picture.height) == (2560, 1920)


def test_turned_camera_gives_upright_picture() -> None:
    picture = take_in(encoded(colours(), exif=exif(orientation=6)))
    assert (picture.width, picture.height) == (48, 64)
    image = Image.open(io.BytesIO(picture.jpeg)).convert("RGB")
    top, bottom = image.getpixel((24, 8)), image.getpixel((24, 56))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[0] > 150 > bottom[0]  # red was left, so it is on top


def test_exif_place_and_time_become_claims_without_device() -> None:
    picture = take_in(encoded(colours(), exif=exif()))
    assert picture.claims == {
        "lon": 111.0002778,
        "lat": 35.01875,
        "taken_at": "2024-05-01T12:30:00",
    }


def test_southern_western_place_is_negative() -> None:
    claims = take_in(encoded(colours(), exif=exif(letters=("S", "W")))).claims
    assert (claims["lat"], claims["lon"]) == (-35.01875, -111.0002778)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"lat": (95.0, 0.0, 0.0)}, "place: not a position on earth"),
        ({"lat": (0.0, 0.0, 0.0), "lon": (0.0, 0.0, 0.0)}, "place: 0, 0"),
        ({"letters": ("Q", "E")}, "place: not a position on earth"),
        ({"lat": (1.0, 2.0)}, "place: unreadable"),
        ({"taken": "2024:13:45 99:99:99"}, "time: not a date and time"),
    ],
)
def test_malformed_exif_is_ignored_with_reason(made: dict[str, object], reason: str) -> None:
    claims = take_in(encoded(colours(), exif=exif(**made))).claims  # type: ignore[arg-type]
    assert any(line.startswith(reason) for line in claims["ignored"])


def test_garbage_in_exif_block_does_not_fail_the_photo() -> None:
    good = encoded(colours(), exif=exif())
    at = good.index(b"Exif\0\0") + 6
    picture = take_in(good[:at] + bytes(range(200, 230)) + good[at + 30 :])
    assert picture.width == 64


def test_polyglot_loses_script_zip_and_maker_note() -> None:
    data = encoded(colours(), exif=exif(maker_note=b"A" * 60_000)) + zip_and_html()
    assert zipfile.is_zipfile(io.BytesIO(data))
    picture = take_in(data)
    for out in (picture.jpeg, picture.thumbnail):
        assert not zipfile.is_zipfile(io.BytesIO(out))
        assert b"script" not in out and b"AAAA" not in out and b"Phone X" not in out
        assert not Image.open(io.BytesIO(out)).getexif()
        assert len(out) < 2_000


def test_comment_and_colour_profile_do_not_travel_along() -> None:
    data = encoded(colours(), comment=b"<script>hello</script>")
    assert b"<script>" in data
    assert b"<script>" not in take_in(data).jpeg


def test_transparent_png_lies_on_white() -> None:
    data = encoded(Image.new("RGBA", (40, 40), (255, 0, 0, 0)), "PNG")
    pixel = Image.open(io.BytesIO(take_in(data).jpeg)).getpixel((20, 20))
    assert pixel == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16", "CMYK"])
def test_unusual_modes_are_taken(mode: str) -> None:
    image = Image.new(mode, (30, 20))
    data = encoded(image, "JPEG" if mode == "CMYK" else "PNG")
    assert take_in(data).width == 30


def test_sixteen_bit_grey_is_scaled_not_cut() -> None:
    image = Image.new("I;16", (30, 20), 128 * 256)
    pixel = (
        Image.open(io.BytesIO(take_in(encoded(image, "PNG")).jpeg)).convert("L").getpixel((9, 9))
    )
    assert pixel == pytest.approx(128, abs=2)


def test_bomb_of_168_megapixels_is_refused_by_its_header() -> None:
    error = refused(png_bomb())
    assert error.code == "photo.too_many_pixels"
    assert error.details == {"width": 12_000, "height": 14_000, "allowed": 50_000_000}


def test_pixels_are_counted_before_decoding() -> None:
    assert refused(png_header_only(60_000, 60_000)).code == "photo.too_many_pixels"
    assert refused(png_header_only(600, 600)).code == "photo.damaged"


def test_limits_can_be_narrowed() -> None:
    data = encoded(colours())
    assert refused(data, max_bytes=100).code == "photo.too_large"
    assert refused(data, max_pixels=1_000).code == "photo.too_many_pixels"


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_truncated_jpeg_is_damaged(kept: float) -> None:
    image = Image.effect_noise((400, 300), 90).convert("RGB")
    data = encoded(image)
    assert refused(data[: int(len(data) * kept)]).code == "photo.damaged"


def test_signature_without_picture_is_damaged() -> None:
    assert refused(b"\xff\xd8\xff" + b"junk" * 100).code == "photo.damaged"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"GIF89a" + bytes(50), "gif"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "heic"),
        (b"\0\0\0\x18ftypavif" + bytes(50), "avif"),
        (b"\0\0\0\x18ftypisom" + bytes(50), "video"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "svg"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><svg onload="x"/>', "svg"),
        (b"PK\x03\x04" + bytes(50), "zip"),
        (b"<html><script>alert(1)</script>", "html"),
    ],
)
def test_other_kind_is_refused_by_content(data: bytes, kind: str) -> None:
    error = refused(data)
    assert (error.code, error.details["kind"]) == ("photo.kind_not_allowed", kind)


def test_heic_refusal_says_what_to_do() -> None:
    error = refused(b"\0\0\0\x18ftypheic" + bytes(50))
    assert "Most Compatible" in error.en and "兼容性最佳" in error.zh


def test_lying_extension_does_not_matter_but_text_is_no_picture() -> None:
    assert refused(b"hello, I am photo.jpg").code == "photo.not_a_picture"
    assert refused(b"").code == "photo.not_a_picture"


_SEEDS = [encoded(colours(), kind, **({"exif": exif()} if kind == "JPEG" else {}))
          for kind in ("JPEG", "PNG", "WEBP")]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.sampled_from([*_SEEDS, b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]),
    at=st.floats(0, 1),
    junk=st.binary(max_size=60),
    cut=st.booleans(),
)
def test_no_bytes_raise_anything_but_domain_error(
    seed: bytes, at: float, junk: bytes, cut: bool
) -> None:
    place = int(len(seed) * at)
    data = seed[:place] + junk + (b"" if cut else seed[place + len(junk) :])
    try:
        picture = take_in(data, timeout_s=30)
    except DomainError as error:
        assert error.code.startswith("photo.")
    else:
        assert picture.jpeg.startswith(b"\xff\xd8\xff")
