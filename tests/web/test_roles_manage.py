"""Every role against every operation that keeps the platform: who may, and nobody else.

The matrix is data. An operation is asked with a body that is well formed and about nothing that
exists, so that who may is answered 2xx, 404 or 409 and who may not 403.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cityloop.city.accounts.models import RoleHolding, User
from tests.web.conftest import Sign
from tests.world import PEOPLE, World

pytestmark = pytest.mark.django_db

ALL = frozenset(name for name, *_ in PEOPLE)
SYSTEM, SECURITY, AUDIT = frozenset({"system"}), frozenset({"security"}), frozenset({"audit"})
ADMINS = SYSTEM | SECURITY | AUDIT
SUPERVISION = frozenset({"community", "subdistrict", "district"})
DUTY = SYSTEM | SUPERVISION
NO = 987_654_321  # the id of nothing

# method, path, body -> who may
WRITING: dict[tuple[str, str], tuple[Any, frozenset[str]]] = {
    ("POST", f"users/{NO}/password"): ({}, SYSTEM),
    ("PATCH", f"users/{NO}"): ({"display_name": "x"}, SYSTEM),
    ("POST", "roles/requests"): ({"user_id": NO, "role": "analyst"}, SYSTEM),
    ("POST", "roles/requests/decide"): ({"ids": [NO], "grant": True}, SECURITY),
    ("POST", f"users/{NO}/roles"): ({"role": "analyst"}, SECURITY),
    ("DELETE", f"roles/{NO}"): (None, SECURITY),
    ("POST", "tokens"): ({"name": "x", "user_id": NO, "scopes": ["cases:read"]}, SECURITY),
    ("DELETE", f"sessions?user_id={NO}"): (None, SECURITY),
    ("PUT", "retention/nothing"): ({"days": 100}, SECURITY),
    ("POST", "catalogue/versions/999/activate"): ({}, SYSTEM),
    ("PUT", "catalogue/calendar/2031-01-01"): ({"works": False}, SYSTEM),
    ("DELETE", "catalogue/calendar/2031-01-01"): (None, SYSTEM),
    ("POST", "catalogue/calendar/published"): ({"years": [2026]}, SYSTEM),
    ("POST", f"webhooks/{NO}/test"): ({}, SYSTEM),
    ("POST", f"webhooks/deliveries/{NO}/redeliver"): ({}, SYSTEM),
    ("POST", "setup/profile"): ({}, SYSTEM),
    ("DELETE", "places/duty/grids/nothing"): (None, ALL),  # 404 before anything is known of it
    ("POST", "places/duty/weeks"): (
        {"from_monday": "2026-03-16", "to_monday": "2026-03-23"}, DUTY,
    ),
    ("POST", "routing/dry-run"): (
        {"key": "k", "zh": "x", "when": {"field": "hour", "op": "eq", "value": 3},
         "then": {"lead": "urban"}}, SYSTEM | {"district"},
    ),
}  # fmt: skip
FILES: dict[str, frozenset[str]] = {
    "users/import": SYSTEM,
    "departments/import": SYSTEM,
    "catalogue/import": SYSTEM,
    "catalogue/calendar/import": SYSTEM,
    "places/duty/import/duty": DUTY,
    "places/duty/import/shifts": DUTY,
}
TIME = "since=2026-03-01T00:00:00Z&until=2026-03-20T00:00:00Z"
READING: dict[str, frozenset[str]] = {
    "roles/requests": ADMINS,
    "roles/template.csv?what=staff": SYSTEM,
    "retention": ADMINS,
    "retention/runs": ADMINS,
    "retention/deliveries/due?days=30": ADMINS,
    "setup/status": ADMINS,
    f"ledger/search?{TIME}": AUDIT,
    "ledger/kinds": AUDIT,
    f"ledger/search/export.csv?{TIME}": AUDIT,
    "places/export.geojson": SYSTEM,
    "places/areas/{area}/roles": ADMINS | SUPERVISION,
    f"sessions?user_id={NO}": SECURITY | AUDIT,
}


@pytest.mark.parametrize("who", sorted(ALL))
def test_an_operation_is_open_to_its_roles_alone(who: str, site: Sign, world: World) -> None:
    client = site(who)
    found = {}
    for (method, path), (body, _) in WRITING.items():
        answer = client.generic(
            method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json"
        )
        assert answer.status_code < 500, (method, path, answer.content)
        found[method, path] = answer.status_code != 403
    assert found == {key: who in may for key, (_, may) in WRITING.items()}


@pytest.mark.parametrize("who", sorted(ALL))
def test_a_file_is_taken_from_its_roles_alone(who: str, site: Sign, world: World) -> None:
    client = site(who)
    found = {}
    for path in FILES:
        file = SimpleUploadedFile("rows.csv", b"nothing\nfits\n", content_type="text/csv")
        answer = client.post(f"/api/v1/{path}", {"file": file, "dry_run": "true"})
        assert answer.status_code in {400, 403}, (path, answer.content)
        found[path] = answer.status_code != 403
    assert found == {path: who in may for path, may in FILES.items()}


@pytest.mark.parametrize("who", sorted(ALL))
def test_a_list_is_open_to_its_roles_alone(who: str, site: Sign, world: World) -> None:
    client = site(who)
    asked = {path: path.format(area=world.area("990100")) for path in READING}
    found = {path: client.get(f"/api/v1/{given}").status_code for path, given in asked.items()}
    assert found == {path: 200 if who in may else 403 for path, may in READING.items()}


def test_nobody_is_let_in_without_a_log_in(site: Sign, world: World) -> None:
    client = site("")
    for method, path in WRITING:
        answer = client.generic(method, f"/api/v1/{path}", "{}", content_type="application/json")
        assert answer.status_code == 401, (method, path, answer.content)
    shut = {p: client.get(f"/api/v1/{p}").status_code for p in READING if "{" not in p}
    assert set(shut.values()) <= {401, 403}


def test_no_token_reaches_any_of_it(token: Any, world: World) -> None:
    from cityloop.city.accounts.domain import SCOPES

    client = token("district", *SCOPES)
    for path in ("sessions", "roles/requests/decide", "retention", "setup/status", "names?id=1"):
        assert client.get(f"/api/v1/{path}").status_code in {403, 405}, path


def test_no_administrator_holds_the_parts_of_two(world: World) -> None:
    """The three roles exclude each other, whichever way a second one is asked for."""
    from cityloop.city.accounts.commands import ask_for_role, decide_roles

    user = world.users["system"]
    asked = ask_for_role(
        world.users["audit"].pk, "security_admin", actor=world.viewer("system"), now=world.now
    )
    done = decide_roles([asked or 0], grant=True, actor=world.viewer("security"), now=world.now)
    assert (done.granted, done.problems) == (0, [asked])
    powers = {"system_admin", "security_admin", "audit_admin"}
    for who in User.objects.filter(pk__in=[user.pk, world.users["audit"].pk]):
        held = RoleHolding.objects.live().filter(user=who).values_list("role", flat=True)
        assert len(powers & set(held)) == 1
