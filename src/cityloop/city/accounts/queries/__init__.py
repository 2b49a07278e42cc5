"""Who is this, what do they hold, and whom may they know of?"""

from cityloop.city.accounts.queries.logins import (
    login_sessions,
    names_for,
    requests_out,
    role_requests,
)
from cityloop.city.accounts.queries.people import (
    MOST,
    PersonRow,
    RoleHolder,
    active_users,
    department_rows,
    departments_by_key,
    holders,
    holds_now,
    names_of,
    person,
    role_holders,
    tokens,
    users,
    users_holding,
)
from cityloop.city.accounts.queries.viewers import (
    holdings_of,
    token_digest,
    viewer_of,
    viewer_of_request,
    viewer_of_token,
)

__all__ = [
    "MOST",
    "PersonRow",
    "RoleHolder",
    "active_users",
    "department_rows",
    "departments_by_key",
    "holders",
    "holdings_of",
    "holds_now",
    "login_sessions",
    "names_for",
    "names_of",
    "person",
    "requests_out",
    "role_holders",
    "role_requests",
    "token_digest",
    "tokens",
    "users",
    "users_holding",
    "viewer_of",
    "viewer_of_request",
    "viewer_of_token",
]
