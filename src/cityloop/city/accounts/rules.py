"""Who may do what with accounts: three administrators, each with a part, none with all."""

from __future__ import annotations

from cityloop.city.accounts.domain import (
    ADMINISTRATORS,
    DEPARTMENT_ROLES,
    DESK,
    ROLE_NAMES,
    SUPERVISORS,
    Role,
    Viewer,
)
from cityloop.kernel.errors import NotAllowed

SEES_PEOPLE = ADMINISTRATORS | DESK | SUPERVISORS | {Role.DEPARTMENT_LEAD}
# A supervisor of a level is appointed in an area of that level (区-街-社).
LEVEL_OF_ROLE: dict[Role, str] = {
    Role.SUPERVISOR_COMMUNITY: "community",
    Role.SUPERVISOR_SUBDISTRICT: "subdistrict",
    Role.SUPERVISOR_DISTRICT: "district",
}


def need_role(actor: Viewer, *roles: Role) -> None:
    """Raises: NotAllowed("role.needed") unless the actor is the system or holds such a role."""
    if actor.is_system or actor.holds(*roles):
        return
    raise NotAllowed(
        "role.needed",
        f"This needs the role {' or '.join(ROLE_NAMES[r][1] for r in roles)}; "
        f"{actor.name or 'you'} does not hold it. Ask the security administrator.",
        f"此操作需要角色：{'或'.join(ROLE_NAMES[r][0] for r in roles)}。请联系安全管理员。",
        details={"roles": [r.value for r in roles]},
    )


def need_scope(viewer: Viewer, scope: str) -> None:
    """Raises: NotAllowed("token.scope") when a token lacks the scope; people are not limited."""
    if not viewer.may_use(scope):
        raise NotAllowed(
            "token.scope",
            f"The token “{viewer.name}” lacks the scope {scope}. Ask the security administrator "
            "for a token that has it.",
            f"令牌“{viewer.name}”缺少权限 {scope}，请向安全管理员申请。",
            details={"scope": scope},
        )


def need_person(viewer: Viewer) -> int:
    """The user behind a logged-in person.

    Raises: NotAllowed("login.needed", 401).
    """
    if viewer.kind != "person" or viewer.user_id is None:
        raise NotAllowed(
            "login.needed", "Log in first: this is for people.", "请先登录。", status=401
        )
    return viewer.user_id


def refuse_self(actor: Viewer, user_id: int) -> None:
    """Raises: NotAllowed("role.self") when somebody would appoint themselves."""
    if actor.user_id == user_id:
        raise NotAllowed(
            "role.self",
            "Nobody can grant a role or a token to themselves. Another security administrator "
            "has to do it.",
            "任何人都不能给自己授权，须由另一位安全管理员办理。",
        )


def may_see_people(viewer: Viewer) -> bool:
    """Whether a list of users may be read at all; whom it holds follows from the roles."""
    return viewer.is_system or viewer.holds(*SEES_PEOPLE)


def sees_everybody(viewer: Viewer) -> bool:
    """Whether all people at their posts are shown; department leads see their own department's."""
    return viewer.is_system or viewer.holds(*(SEES_PEOPLE - DEPARTMENT_ROLES))
