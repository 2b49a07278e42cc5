"""Writing accounts: users, departments, roles, tokens, log-ins."""

from cityloop.city.accounts.commands.departments import set_department
from cityloop.city.accounts.commands.roles import end_role, grant_role
from cityloop.city.accounts.commands.sessions import check_login, close_login, forget_old_attempts
from cityloop.city.accounts.commands.tokens import NewToken, new_token, revoke_token
from cityloop.city.accounts.commands.users import (
    Created,
    change_password,
    create_user,
    deactivate_user,
    reset_password,
    update_user,
)

__all__ = [
    "Created",
    "NewToken",
    "change_password",
    "check_login",
    "close_login",
    "create_user",
    "deactivate_user",
    "end_role",
    "forget_old_attempts",
    "grant_role",
    "new_token",
    "reset_password",
    "revoke_token",
    "set_department",
    "update_user",
]
