"""The staff site: what a page there shows follows from the post, not from a flag."""

from __future__ import annotations

import pytest

from cityloop.business.notify.commands import create_webhook
from tests.web.conftest import Sign
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["webhook", "delivery"])
def test_connections_are_shown_to_the_system_administrator_alone(site: Sign, page: str) -> None:
    codes = {
        who: site(who).get(f"/admin/notify/{page}/").status_code
        for who in ("system", "security", "audit", "district")
    }
    assert codes == {"system": 200, "security": 403, "audit": 403, "district": 403}


def test_the_secret_of_a_connection_is_not_on_its_page(site: Sign, world: World) -> None:
    made, secret = create_webhook(
        "x", "https://a.example/", ["*"], actor=world.viewer("system"), now=world.now
    )
    page = site("system").get(f"/admin/notify/webhook/{made.pk}/change/").content.decode()
    assert "a.example" in page and secret not in page and made.secret not in page


def test_what_reporters_were_told_has_no_page(site: Sign) -> None:
    assert site("system").get("/admin/notify/notice/").status_code == 404
