"""What goes in and out of the accounts API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import AwareDatetime, StringConstraints

from cityloop.city.refusals import RowProblem

# NUL is no character of any name, and PostgreSQL cannot store it.
_PLAIN = r"^[^\x00]*$"
Word = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=_PLAIN)]
Line = Annotated[str, StringConstraints(max_length=400, pattern=_PLAIN)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=_PLAIN)]
Id = Annotated[int, Field(ge=0, le=2**62)]


class LoginIn(Schema):
    username: Word
    password: Secret


class HoldingOut(Schema):
    """A role held in an area (none = whole city), for a department."""

    id: int
    role: str
    role_zh: str
    role_en: str
    area_id: int | None
    area_code: str | None
    area_name: str | None
    department_id: int | None
    department_key: str | None
    department_name: str | None
    granted_at: datetime
    until: datetime | None


class UserOut(Schema):
    id: int
    username: str
    display_name: str
    language: str
    is_active: bool
    last_login: datetime | None
    holdings: list[HoldingOut]


class MeOut(Schema):
    """Who looks. `csrf` goes into the header X-CSRFToken of every writing call."""

    kind: str
    name: str
    must_change_password: bool
    person: UserOut | None
    scopes: list[str] | None
    csrf: str


class MeIn(Schema):
    display_name: Line | None = None
    language: Line | None = None
    email: Line | None = None


class PasswordIn(Schema):
    old: Secret
    new: Secret


class UserPage(Schema):
    items: list[UserOut]
    next_after: int | None


class PersonIn(Schema):
    username: Word
    display_name: Line = ""
    language: Line = "zh"
    email: Line = ""


class OneTimePassword(Schema):
    """Shown once; it opens nothing but its own change."""

    user_id: int
    username: str
    password: str | None


class DepartmentOut(Schema):
    id: int
    key: str
    name_zh: str
    name_en: str
    kind: str
    skills: str
    is_fallback: bool
    active: bool


class DepartmentPage(Schema):
    items: list[DepartmentOut]
    next_after: int | None


class DepartmentIn(Schema):
    name_zh: Word
    name_en: Line = ""
    kind: Line = ""
    skills: Line = ""
    is_fallback: bool = False
    active: bool = True


class RoleOut(Schema):
    """A role that exists."""

    role: str
    zh: str
    en: str
    needs_department: bool
    area_level: str | None


class GrantIn(Schema):
    role: Word
    area_id: Id | None = None
    department_id: Id | None = None
    until: AwareDatetime | None = None


class GrantOut(Schema):
    id: int


class TokenIn(Schema):
    name: Word
    user_id: Id
    scopes: list[Word]
    expires_at: datetime | None = None


class TokenOut(Schema):
    id: int
    name: str
    user_id: int
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class TokenPage(Schema):
    items: list[TokenOut]
    next_after: int | None


class TokenSecret(Schema):
    """The secret is shown here and never again."""

    token_id: int
    secret: str
    scopes: list[str]


class ScopeOut(Schema):
    scope: str
    zh: str
    en: str


class ConfirmIn(Schema):
    password: Secret


class SessionOut(Schema):
    """A log-in. ended_how: log_out, idle, absolute, by_hand, password, account."""

    id: int
    user_id: int
    user_name: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime
    idle_minutes: int
    source: str
    agent: str
    ended_at: datetime | None
    ended_how: str
    current: bool


class SessionPage(Schema):
    items: list[SessionOut]
    next_before: int | None


class EndedOut(Schema):
    ended: int


class NameOut(Schema):
    id: int
    name: str


class RoleRequestOut(Schema):
    """A role asked for. state: asked, granted, refused; problem: why it could not be granted."""

    id: int
    user_id: int
    username: str
    user_name: str
    role: str
    role_zh: str
    role_en: str
    area_id: int | None
    area_name: str | None
    department_id: int | None
    department_name: str | None
    until: datetime | None
    asked_at: datetime
    asked_by: int | None
    state: str
    problem: str


class RoleRequestPage(Schema):
    items: list[RoleRequestOut]
    next_after: int | None


class RoleRequestIn(Schema):
    """A role wanted for a user."""

    user_id: Id
    role: Word
    area_id: Id | None = None
    department_id: Id | None = None
    until: AwareDatetime | None = None


class RoleDecideIn(Schema):
    ids: list[Id] = Field(min_length=1, max_length=200)
    grant: bool


class RoleDecidedOut(Schema):
    granted: int
    refused: int
    problems: list[RoleRequestOut]


class StaffImportOut(Schema):
    """What a file of departments or staff did, or would do (written false)."""

    written: bool
    added: int
    changed: int
    unchanged: int
    requests: int
    refused: list[RowProblem]
    remarks: list[str]
    passwords: list[OneTimePassword]
