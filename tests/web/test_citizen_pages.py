"""The pages that need no script: what a plain form sends, and where a link leads."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cityloop.business.cases.models import Photo, Report
from tests.business.cases.stories import jpeg
from tests.web.conftest import Sign
from tests.world import World

pytestmark = pytest.mark.django_db
KEY = "a-key-nobody-guesses-1"


@pytest.fixture(autouse=True)
def _built(settings: Any, tmp_path: Any) -> None:
    """Rooms as the build leaves them, without a build."""
    settings.FRONT = tmp_path
    for name in ("portal", "desk"):
        (tmp_path / f"{name}.html").write_text(
            '<html lang="zh-CN"><head><!--head--></head><body><!--body--></body></html>'
        )


def sent(**more: Any) -> Any:
    given = {"form_id": KEY, "text": "路灯不亮了", "phone": "13800138000", **more}
    return Client().post("/report/", given)


def test_a_plain_report_leads_to_its_own_page(world: World) -> None:
    assert sent()["Location"] == f"/follow/{KEY}/?new=1"
    page = Client().get(f"/follow/{KEY}/?new=1").content.decode()
    assert "路灯不亮了" in page and 'role="alert"' not in page


def test_a_form_sent_twice_is_one_report(world: World) -> None:
    assert {sent()["Location"] for _ in range(2)} == {f"/follow/{KEY}/?new=1"}
    assert Report.objects.count() == 1


def test_nothing_that_staff_read_opens_the_reporters_page(world: World, site: Sign) -> None:
    """Whoever has the key speaks as the reporter: it must not stand in the report."""
    sent()
    number = Report.objects.get().case.number
    shown = site("acceptor").get(f"/api/v1/cases/{number}").content.decode()
    assert number in shown and KEY not in shown
    assert KEY not in str(list(Report.objects.values()))


def test_a_photo_that_is_none_is_said_and_the_report_stands(world: World) -> None:
    answer = sent(photo=SimpleUploadedFile("a.jpg", b"no picture"))
    assert answer["Location"].endswith("photo=refused")
    assert "照片没有收下" in Client().get(answer["Location"]).content.decode()
    assert (Report.objects.count(), Photo.objects.count()) == (1, 0)


def test_a_photo_that_is_one_comes_with_the_report(world: World) -> None:
    answer = sent(photo=SimpleUploadedFile("a.jpg", jpeg()))
    assert (answer["Location"], Photo.objects.count()) == (f"/follow/{KEY}/?new=1", 1)


def test_after_log_in_a_link_with_filters_is_gone_to_whole(world: World) -> None:
    answer = Client().get("/cases/?queue=mine&sort=due")
    assert answer["Location"] == "/login/?next=%2Fcases%2F%3Fqueue%3Dmine%26sort%3Ddue"


@pytest.mark.parametrize(
    "wanted",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:x"],
)
def test_no_form_leads_out_of_the_site(world: World, wanted: str) -> None:
    for path in ("/language/", "/type/"):
        assert Client().post(path, {"next": wanted})["Location"] == "/"
    assert Client().post("/language/", {"next": "/cases/?a=1"})["Location"] == "/cases/?a=1"
