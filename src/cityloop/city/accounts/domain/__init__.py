"""Roles, scopes of tokens, and how often one may try to log in: values only."""

from cityloop.city.accounts.domain.login import Tries, account_key, lock_on, plain_source
from cityloop.city.accounts.domain.scopes import SCOPES, check_scopes, scope_for
from cityloop.city.viewer import (
    ADMINISTRATORS,
    DEPARTMENT_ROLES,
    DESK,
    PUBLIC,
    ROLE_NAMES,
    SUPERVISORS,
    SYSTEM,
    Holding,
    Role,
    Viewer,
)

__all__ = [
    "ADMINISTRATORS",
    "DEPARTMENT_ROLES",
    "DESK",
    "PUBLIC",
    "ROLE_NAMES",
    "SCOPES",
    "SUPERVISORS",
    "SYSTEM",
    "Holding",
    "Role",
    "Tries",
    "Viewer",
    "account_key",
    "check_scopes",
    "lock_on",
    "plain_source",
    "scope_for",
]
