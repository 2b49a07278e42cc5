"""Writing accounts: users, departments, roles, tokens, log-ins."""

from cityloop.city.accounts.commands.departments import set_department
from cityloop.city.accounts.commands.first_administrators import appoint_administrators
from cityloop.city.accounts.commands.login_sessions import (
    confirm_login,
    end_session,
    end_sessions,
    forget_logins,
    old_logins,
)
from cityloop.city.accounts.commands.role_requests import ask_for_role, decide_roles
from cityloop.city.accounts.commands.roles import end_expired_roles, end_role, grant_role
from cityloop.city.accounts.commands.sessions import check_login, close_login, forget_old_attempts
from cityloop.city.accounts.commands.staff_file import import_departments, import_staff
from cityloop.city.accounts.commands.tokens import NewToken, new_token, revoke_token
from cityloop.city.accounts.commands.users import (
    Created,
    change_password,
    create_user,
    deactivate_user,
    reopen_user,
    reset_password,
    update_user,
)

__all__ = [
    "Created",
    "NewToken",
    "appoint_administrators",
    "ask_for_role",
    "change_password",
    "check_login",
    "close_login",
    "confirm_login",
    "create_user",
    "deactivate_user",
    "decide_roles",
    "end_expired_roles",
    "end_role",
    "end_session",
    "end_sessions",
    "forget_logins",
    "forget_old_attempts",
    "grant_role",
    "import_departments",
    "import_staff",
    "new_token",
    "old_logins",
    "reopen_user",
    "reset_password",
    "revoke_token",
    "set_department",
    "update_user",
]
