"""The accounts API, mounted at the root: log-in, people, roles asked for, tokens, log-ins."""

from ninja import Router

from cityloop.city.accounts.api.people import router as people
from cityloop.city.accounts.api.sessions import router as sessions
from cityloop.city.accounts.api.staff import router as staff
from cityloop.city.accounts.api.tokens import router as tokens

router = Router()
for part in (sessions, staff, people, tokens):  # /users/import before /users/{user_id}
    router.add_router("", part)

__all__ = ["router"]
