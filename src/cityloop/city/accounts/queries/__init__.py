"""Who is this, what do they hold, and whom may they know of?"""

from cityloop.city.accounts.queries.people import (
    MOST,
    PersonRow,
    department_rows,
    departments_by_key,
    person,
    tokens,
    users,
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
    "department_rows",
    "departments_by_key",
    "holdings_of",
    "person",
    "token_digest",
    "tokens",
    "users",
    "viewer_of",
    "viewer_of_request",
    "viewer_of_token",
]
