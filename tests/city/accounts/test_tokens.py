"""Tokens: scopes, expiry, what they never carry."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityloop.city.accounts import commands, queries
from cityloop.city.accounts.domain import SYSTEM, Role, scope_for
from cityloop.city.accounts.models import ApiToken
from cityloop.city.accounts.rules import need_scope
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed


def make(people, now, *scopes, roles=(Role.ANALYST,), **options):
    user = people.user("machine", *roles)
    return commands.new_token("hotline", user, scopes, actor=SYSTEM, now=now, **options)


def test_token_opens_its_scopes_only(people, now):
    viewer = queries.viewer_of_token(make(people, now, "cases:read").secret, now=now)
    need_scope(viewer, "cases:read")
    with pytest.raises(NotAllowed, match=r"token\.scope"):
        need_scope(viewer, "cases:move")
    assert (viewer.kind, viewer.holds(Role.ANALYST)) == ("token", True)


def test_secret_is_not_kept(people, now):
    made = make(people, now, "cases:read")
    assert made.secret not in str(ApiToken.objects.values().get())


@pytest.mark.parametrize(("seconds", "opens"), [(-1, True), (0, False), (1, False)])
def test_token_at_its_expiry(people, now, seconds, opens):
    expires = now + timedelta(hours=1)
    made = make(people, now, "cases:read", expires_at=expires)
    try:
        queries.viewer_of_token(made.secret, now=expires + timedelta(seconds=seconds))
    except NotAllowed as refused:
        assert (refused.status, opens) == (401, False)
    else:
        assert opens


def test_revoked_token_is_refused_at_once(people, now):
    made = make(people, now, "cases:read")
    commands.revoke_token(made.token_id, actor=SYSTEM, now=now)
    with pytest.raises(NotAllowed, match=r"token\.unknown"):
        queries.viewer_of_token(made.secret, now=now)
    with pytest.raises(Conflict):
        commands.revoke_token(made.token_id, actor=SYSTEM, now=now)


def test_token_of_closed_account_is_refused(people, now):
    made = make(people, now, "cases:read")
    commands.deactivate_user(ApiToken.objects.get().user_id, actor=SYSTEM, now=now)
    with pytest.raises(NotAllowed):
        queries.viewer_of_token(made.secret, now=now)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_token_for_an_administrator_is_refused(people, now, role):
    with pytest.raises(NotAllowed, match=r"token\.administrator"):
        make(people, now, "cases:read", roles=(role,))


def test_token_loses_administrator_power_granted_later(people, now):
    made = make(people, now, "cases:read", roles=())
    user = ApiToken.objects.get().user_id
    commands.grant_role(user, Role.SECURITY_ADMIN, actor=SYSTEM, now=now)
    assert queries.viewer_of_token(made.secret, now=now).holdings == ()


@pytest.mark.parametrize(("scope", "holds"), [("audit:read", True), ("cases:read", False)])
def test_audit_role_passes_only_with_the_audit_scope(people, now, scope, holds):
    made = make(people, now, scope, roles=(Role.AUDIT_ADMIN,))
    viewer = queries.viewer_of_token(made.secret, now=now)
    assert viewer.holds(Role.AUDIT_ADMIN) is holds


@pytest.mark.parametrize(
    ("scopes", "options", "code"),
    [
        (["cases:all"], {}, "token.scope_unknown"),
        ([], {}, "token.scope_unknown"),
        (["cases:read"], {"expires_at": "past"}, "token.expiry"),
    ],
)
def test_bad_token_is_refused(people, now, scopes, options, code):
    if options:
        options = {"expires_at": now}
    with pytest.raises(DomainError) as refused:
        make(people, now, *scopes, **options)
    assert refused.value.code == code


def test_token_by_the_system_administrator_is_refused(people, now):
    actor = people.viewer("root1", Role.SYSTEM_ADMIN)
    with pytest.raises(NotAllowed, match=r"role\.needed"):
        commands.new_token("x", people.user("m"), ["cases:read"], actor=actor, now=now)


@pytest.mark.parametrize(
    ("method", "segment", "scope"),
    [
        ("GET", "cases", "cases:read"),
        ("POST", "cases", "cases:move"),
        ("POST", "reports", "reports:write"),
        ("DELETE", "users", None),
        ("GET", "something-new", None),
    ],
)
def test_scope_for_path(method, segment, scope):
    assert scope_for(method, segment) == scope
