"""What people and programs really send: each is refused in both languages, none breaks anything."""

from __future__ import annotations

import csv
import io
import json
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cityloop.business.cases.models import Case, Photo, Report
from tests.business.cases.stories import jpeg, unclassed
from tests.web.conftest import Sign, problem_of
from tests.world import World, centre

pytestmark = pytest.mark.django_db
JSON = "application/json"
LON, LAT = centre(0)


def send(client: Client, body: Any, *, url: str = "/api/v1/public/reports", **more: Any) -> Any:
    raw = body if isinstance(body, bytes | str) else json.dumps(body, ensure_ascii=False)
    return client.post(url, raw, content_type=more.pop("content_type", JSON), **more)


RAW: dict[str, tuple[bytes, str]] = {
    "nothing": (b"   ", "request.json"),
    "half a body": (b'{"title": "', "request.json"),
    "NaN": (b'{"title": "a", "lon": NaN, "lat": 39.1}', "request.number"),
    "Infinity": (b'{"title": "a", "lon": -Infinity, "lat": 39.1}', "request.number"),
    "1e999": (b'{"title": "a", "lon": 1e999, "lat": 39.1}', "request.number"),
    "5,000 digits": (b'{"title": "a", "lon": ' + b"9" * 5000 + b"}", "request.number"),
    "2^63": (b'{"title": "a", "lon": 9223372036854775808}', "request.number"),
    "100,000 deep": (b"[" * 100_000 + b"]" * 100_000, "request.deep"),
    "40 deep": (b'{"title": ' + b"[" * 40 + b"]" * 40 + b"}", "request.deep"),
    "a key twice": (b'{"title": "a", "title": "b"}', "request.twice"),
    "a key twice below": (b'{"title":"a","reporter":{"name":"x","name":"y"}}', "request.twice"),
    "NUL": (b'{"title": "a\\u0000b"}', "request.characters"),
    "NUL of a reporter": (b'{"title":"a","reporter":{"name":"\\u0000"}}', "request.characters"),
    "NUL in a key": (b'{"title": "a", "\\u0000": 1}', "request.characters"),
    "half a pair": (b'{"title": "a\\ud83d"}', "request.characters"),
    "GB18030": ('{"title": "路面塌陷"}'.encode("gb18030"), "request.encoding"),
    "UTF-16": ('{"title": "路面塌陷"}'.encode("utf-16"), "request.encoding"),
    "broken UTF-8": (b'{"title": "\xff\xfe"}', "request.encoding"),
    "a list": (b"[1, 2]", "request.json"),
    "a number": (b"7", "request.json"),
}


@pytest.mark.parametrize("name", RAW)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_body_that_is_no_plain_json_is_refused_by_name(
    site: Sign, name: str, language: str
) -> None:
    body, code = RAW[name]
    told = problem_of(send(site(""), body, headers={"accept-language": language}))
    assert told["code"] == code
    assert told["message"].isascii() == (language == "en")
    assert not Report.objects.exists()


FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "10 MB of text": ({"text": "长" * 3_400_000}, "request.not_valid"),
    "no words at all": ({"title": " ", "text": "\n"}, "report.empty"),
    "bidi override": ({"title": "a\u202eb"}, "report.characters"),
    "month 13": ({"happened_at": "2026-13-01T00:00:00+08:00"}, "request.not_valid"),
    "30 February": ({"happened_at": "2026-02-30T00:00:00+08:00"}, "request.not_valid"),
    "no such day": ({"happened_at": "昨天"}, "request.not_valid"),
    "year 1": ({"happened_at": "0001-01-01T00:00:00+14:00"}, "request.not_valid"),
    "year 9999": ({"happened_at": "9999-12-31T23:59:59-12:00"}, "request.not_valid"),
    "far future without a zone": ({"happened_at": "2199-01-01T00:00:00"}, "report.future"),
    "swapped": ({"lon": LAT, "lat": LON}, "place.swapped"),
    "as words": ({"lon": "东经", "lat": "北纬"}, "request.not_valid"),
    "NaN as words": ({"lon": "NaN", "lat": "NaN"}, None),
    "half a place": ({"lon": LON}, "place.half"),
    "zero": ({"lon": 0, "lat": 0}, None),
    "off the globe": ({"lon": 500.0, "lat": 95.0}, None),
    "unknown datum": ({"lon": LON, "lat": LAT, "crs": "mars"}, "request.not_valid"),
    "unknown area": ({"area_code": "123"}, "place.unknown_area"),
    "unknown class": ({"class_key": "Z9999"}, "report.unknown_class"),
    "unknown field": ({"tittle": "路面"}, "request.not_valid"),
    "a long id": ({"external_id": "x" * 121}, "request.not_valid"),
    "true as text": ({"title": True}, "request.not_valid"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_report_with_a_bad_field_is_refused_by_field(site: Sign, name: str) -> None:
    given, code = FIELDS[name]
    for language in ("zh-hans", "en"):
        body = {"title": "路面塌陷", **given}
        told = problem_of(send(site(""), body, headers={"accept-language": language}))
        assert code is None or told["code"] == code
        assert told["message"].isascii() == (language == "en"), told
        assert told["where"]
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "𠮷野家门口路面塌陷",
        "𰻝𰻝面馆油烟",
        "🚧🕳️ 路上有坑 👨‍👩‍👧",
        "龘靐齉爩",
        "مشكلة في الطريق",
        "e\u0301cole",
    ],
)
def test_rare_characters_and_emoji_are_kept_as_they_are(site: Sign, words: str) -> None:
    answer = send(site(""), {"title": words, "text": words})
    assert answer.status_code == 201
    assert Report.objects.values_list("title", "text").get() == (words, words)


def test_a_place_outside_the_city_is_kept_and_waits_for_a_person(site: Sign) -> None:
    answer = send(site(""), {"title": "路面塌陷", "lon": -74.0, "lat": 40.7})
    assert (answer.status_code, answer.json()["located_by"]) == (201, "outside")
    assert Case.objects.get().state == "reported"


def test_a_time_without_a_zone_is_of_the_city(site: Sign) -> None:
    answer = send(site(""), {"title": "路面塌陷", "happened_at": "2026-03-01T08:00:00"})
    assert answer.status_code == 201
    kept = Report.objects.get().happened_at
    assert kept is not None
    assert kept.isoformat() == "2026-03-01T00:00:00+00:00"


def test_the_same_id_with_other_words_is_a_contradiction_and_changes_nothing(site: Sign) -> None:
    first = send(site(""), {"title": "路面塌陷", "external_id": "A1"})
    again = send(site(""), {"title": "路面塌陷", "external_id": "A1"})
    other = send(site(""), {"title": "路灯不亮", "external_id": "A1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["follow_key"] is None  # whoever repeats an id does not get the key to it
    assert (other.status_code, problem_of(other)["code"]) == (409, "report.contradicts")
    assert Report.objects.get().title == "路面塌陷"


@pytest.mark.parametrize("path", ["cases/%00", "cases?text=%00", "follow/%00", "cases?number=a%00"])
def test_nul_in_an_address_is_refused(site: Sign, path: str) -> None:
    assert problem_of(site("acceptor").get(f"/api/v1/{path}"))["code"] == "request.characters"


HUGE = [2**31, 2**63 - 1, 2**63, 2**64, 10**30, -1, -(2**63) - 1]


@pytest.mark.parametrize("n", HUGE)
def test_ids_of_any_size_are_refused_or_unknown(site: Sign, world: World, n: int) -> None:
    case, client = unclassed(world), site("acceptor")
    for path in (
        f"cases?area={n}", f"cases?department={n}", f"cases?owner_user={n}", f"cases?limit={n}",
        f"cases?after=2026-01-01T00:00:00%2B00:00~{n}", f"overview?area={n}", f"users/{n}",
        f"cases/{case.number}/trace?after={n}", f"cases/{case.number}/photos/{n}/image",
        f"ledger/proof/{n}", f"places/areas/{n}", f"tasks?limit={n}", f"cases/export.csv?area={n}",
    ):  # fmt: skip
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code < 500, (path, answer.content[:300])
    url = f"/api/v1/cases/{case.number}/moves/file"
    for name, value in (("condition_id", n), ("photo_ids", [n]), ("version", n), ("task_id", n)):
        answer = send(client, {name: value}, url=url)
        problem_of(answer)
    assert Case.objects.get(pk=case.pk).state == "reported"
    assert client.post(f"/api/v1/approvals/{n}", "{}", content_type=JSON).status_code < 500


# --- pictures -------------------------------------------------------------------------------------
def png(width: int, height: int) -> bytes:
    """A tiny file that says it is huge: one grey row after the other, deflated."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animated() -> bytes:
    out, frames = io.BytesIO(), [Image.new("L", (8, 8), n) for n in range(3)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


PICTURES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "a.jpg"),
    "bomb": (png(60_000, 60_000), "a.png"),
    "html that says it is a picture": (b"<html><script>alert(1)</script>", "a.jpg"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg"),
    "cut off": (jpeg()[:300], "a.jpg"),
    "a head and nothing else": (b"\xff\xd8\xff\xe0", "a.jpg"),
    "moving": (animated(), "a.gif"),
    "a program": (b"MZ\x90\x00" + b"\x00" * 500, "a.jpg"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_no_picture_is_refused(site: Sign, world: World, name: str) -> None:
    case, (data, called) = unclassed(world), PICTURES[name]
    file = SimpleUploadedFile(called, data, content_type="image/jpeg")
    answer = site("acceptor").post(f"/api/v1/cases/{case.number}/photos", {"photo": file})
    problem_of(answer)
    assert not Photo.objects.exists()


def test_a_picture_that_is_also_a_page_comes_back_as_a_picture_alone(
    site: Sign, world: World
) -> None:
    case, client = unclassed(world), site("acceptor")
    both = jpeg() + b"<html><script>alert(1)</script></html>PK\x05\x06" + b"\x00" * 18
    file = SimpleUploadedFile("../../a.html", both, content_type="text/html")
    answer = client.post(f"/api/v1/cases/{case.number}/photos", {"photo": file})
    if answer.status_code != 200:  # refused whole is as good
        problem_of(answer)
        return
    got = client.get(answer.json()["url"])
    body = b"".join(got.streaming_content)
    assert got["Content-Type"] == "image/jpeg"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert b"<script" not in body
    assert ".." not in Photo.objects.get().image.name


# --- what goes out --------------------------------------------------------------------------------
FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\uff1d1+1"]


def test_formulas_in_citizens_words_are_disarmed_in_the_export(site: Sign) -> None:
    for words in FORMULAS:
        assert send(site(""), {"title": words, "text": "x"}).status_code == 201
    answer = site("district").get("/api/v1/cases/export.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert all(f"'{words}" in text for words in FORMULAS), text
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\uff1d"))]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_with_a_wrong_filter_is_refused_before_it_begins(site: Sign, kind: str) -> None:
    answer = site("district").get(f"/api/v1/cases/export.{kind}?area=999999")
    assert (answer.status_code, problem_of(answer)["code"]) == (404, "place.unknown")


@pytest.mark.parametrize(
    "path",
    ["/", "/login/", "/api/v1/me", "/api/v1/cases", "/api/v1/nothing", "/nothing", "/admin/",
     "/api/v1/openapi.json", "/api/v1/docs", "/static/nothing.css", "/open311/v2/services.json",
     "/api/v1/cases?text=%00", "/admin"],
)  # fmt: skip
def test_every_answer_says_what_a_browser_may_do_with_it(site: Sign, path: str) -> None:
    answer = site("").get(path)
    assert answer.status_code < 500
    assert "default-src" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"]


def test_what_is_not_there_and_a_log_in_that_ended_say_so_in_words(site: Sign) -> None:
    missing = site("").get("/nothing/")
    assert (missing.status_code, "Page not found" in missing.content.decode()) == (404, True)
    assert "没有这个页面" in missing.content.decode()
    assert "登录已过期" in site("").get("/login/?over=1").content.decode()
    assert "登录已过期" not in site("").get("/login/").content.decode()


def test_a_session_without_the_csrf_token_changes_nothing(site: Sign, world: World) -> None:
    case, client = unclassed(world), site("acceptor")
    del client.defaults["HTTP_X_CSRFTOKEN"]
    url = f"/api/v1/cases/{case.number}/moves/comment"
    answer = send(client, {"text": "说明"}, url=url)
    assert (answer.status_code, problem_of(answer)["code"]) == (403, "csrf.failed")


def test_a_body_beyond_the_limit_is_refused(site: Sign) -> None:
    answer = send(site(""), b'{"title": "' + b"a" * 13_000_000 + b'"}')
    assert (answer.status_code, problem_of(answer)["code"]) == (413, "request.too_big")


UNREADABLE = {
    "a form in UTF-7": ("application/x-www-form-urlencoded; charset=utf-7", b"a=+AGE-"),
    "a form of 2,000 fields": (
        "application/x-www-form-urlencoded",
        b"&".join(b"f%d=x" % n for n in range(2000)),
    ),
    "parts without a border": ("multipart/form-data", b"--x\r\n"),
    "parts that break off": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: f"),
}


@pytest.mark.parametrize("path", ["/report/", "/login/", "/open311/v2/requests.json"])
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_form_that_cannot_be_read_is_refused_and_nothing_breaks(
    site: Sign, name: str, path: str
) -> None:
    client = site("")
    client.cookies["csrftoken"] = "x" * 32
    kind, body = UNREADABLE[name]
    answer = client.post(path, body, content_type=kind)
    assert answer.status_code in (400, 403), answer.content[:300]


def test_an_address_of_2000_parameters_is_refused_in_words(site: Sign) -> None:
    asked = "&".join(f"p{n}=1" for n in range(2000))
    answer = site("").get(f"/api/v1/public/near?{asked}")
    assert (answer.status_code, answer.json()["code"]) == (400, "request.unreadable")


def test_a_password_for_gis_programs_that_is_no_text_is_wrong(site: Sign) -> None:
    answer = site("").get("/ogc/", headers={"Authorization": "Basic \u00ff\u00fe"})
    assert answer.status_code == 401
