"""From an empty database: who may open the first door, and how far it is at every step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cityloop.city.accounts.models import RoleHolding, User
from cityloop.city.accounts.queries import viewer_of
from cityloop.hub.setup import commands, queries
from cityloop.hub.setup.code import code_path, setup_code
from cityloop.hub.setup.domain import Step, next_step
from tests.world import World

JSON = "application/json"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.mark.django_db
def test_a_code_that_was_never_written_whole_opens_nothing() -> None:
    code_path().touch(mode=0o600)
    answer = Client().post("/api/v1/setup/administrators", {"code": " "}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "setup.code")


@pytest.mark.parametrize(
    ("have", "want", "state"),
    [(0, None, "open"), (3, None, "done"), (1, 3, "partly"), (3, 3, "done"), (0, 3, "open")],
)
def test_a_step_is_done_when_all_of_it_is(have: int, want: int | None, state: str) -> None:
    assert Step("x", have, want).state == state


def test_the_next_step_is_the_first_not_begun_then_the_first_not_whole() -> None:
    done, partly, begun = Step("a", 1), Step("b", 1, 2), Step("c", 0)
    assert next_step([done, partly, begun]) == "c"
    assert next_step([done, partly]) == "b"
    assert next_step([done]) is None


@pytest.mark.django_db
def test_the_first_door_wants_the_code_and_shuts_behind_three_persons() -> None:
    client = Client()
    assert client.get("/api/v1/setup").json() == {"needs_administrators": True}
    wrong = client.post("/api/v1/setup/administrators", {"code": "x"}, content_type=JSON)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "setup.code")
    given = {"code": setup_code()}
    made = client.post("/api/v1/setup/administrators", given, content_type=JSON)
    assert [row["username"] for row in made.json()] == ["sysadmin", "secadmin", "auditadmin"]
    for row in made.json():
        user = User.objects.get(username=row["username"])
        assert user.check_password(row["password"])
        assert user.must_change_password
        assert RoleHolding.objects.filter(user=user).count() == 1
    assert not code_path().exists(), "the code has served"
    again = client.post("/api/v1/setup/administrators", {"code": setup_code()}, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (409, "setup.done")


@pytest.mark.django_db
def test_an_empty_installation_says_what_to_begin_with(now: Any) -> None:
    commands.make_administrators(setup_code(), now=now)
    User.objects.update(must_change_password=False)
    system = viewer_of(User.objects.get(username="sysadmin"))
    found = queries.status(viewer=system, now=now)
    assert [s.key for s in found.steps if s.state == "done"] == ["administrators"]
    assert next_step(found.steps) == "profile"
    taken = commands.take_profile(actor=system, now=now)
    assert (taken.version, taken.departments > 5, taken.rules > 0) == (1, True, True)
    again = commands.take_profile(actor=system, now=now)
    assert (again.version, again.departments) == (None, taken.departments)
    found = queries.status(viewer=system, now=now)
    assert next_step(found.steps) == "areas"


@pytest.mark.django_db
def test_what_is_missing_is_counted_with_examples(world: World) -> None:
    from cityloop.city.accounts.domain import SYSTEM
    from cityloop.city.places.commands import release_worker

    release_worker("G1", world.users["worker"].pk, actor=SYSTEM, now=world.now)
    found = queries.status(viewer=world.viewer("audit"), now=world.now)
    missing = {m.key: m for m in found.missing}
    assert missing["cells_without_worker"].count == 2
    assert len(missing["cells_without_worker"].examples) == 2
    assert "roles_nobody_holds" not in missing
    states = {s.key: s.state for s in found.steps}
    assert (states["duty"], states["shifts"], states["case"]) == ("partly", "done", "open")


@pytest.mark.django_db
def test_the_page_is_open_to_strangers_only_while_there_is_no_administrator(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.FRONT = tmp_path
    (tmp_path / "desk.html").write_text('<html lang="zh-CN"><!--head--><!--body--></html>')
    client = Client()
    assert client.get("/manage/setup/").status_code == 302
    RoleHolding.objects.all().delete()
    assert client.get("/manage/setup/").status_code == 200
    assert client.get("/manage/users/").status_code == 302


@pytest.mark.django_db
def test_a_one_time_password_sees_its_own_change_and_nothing_else(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.FRONT = tmp_path
    (tmp_path / "desk.html").write_text('<html lang="zh-CN"><!--head--><!--body--></html>')
    user = world.users["system"]
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    client = Client()
    client.force_login(user, backend="cityloop.city.accounts.backend.LimitedLogin")
    assert client.get("/manage/users/")["Location"] == "/manage/account/"
    assert client.get("/manage/account/").status_code == 200
