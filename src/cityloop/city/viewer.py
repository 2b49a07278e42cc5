"""Roles, where they are held, and who is looking: values only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A post. What it may do is decided in each app's rules.py."""

    CITIZEN = "citizen"
    GRID_WORKER = "grid_worker"
    HOTLINE_OPERATOR = "hotline_operator"
    ACCEPTOR = "acceptor"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    DEPARTMENT_LEAD = "department_lead"
    SUPERVISOR_COMMUNITY = "supervisor_community"
    SUPERVISOR_SUBDISTRICT = "supervisor_subdistrict"
    SUPERVISOR_DISTRICT = "supervisor_district"
    ANALYST = "analyst"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.CITIZEN: ("市民", "Citizen"),
    Role.GRID_WORKER: ("网格员", "Grid worker"),
    Role.HOTLINE_OPERATOR: ("热线话务员", "Hotline operator"),
    Role.ACCEPTOR: ("受理员", "Acceptor"),
    Role.DISPATCHER: ("派遣员", "Dispatcher"),
    Role.HANDLER: ("处置人", "Department handler"),
    Role.DEPARTMENT_LEAD: ("部门负责人", "Department lead"),
    Role.SUPERVISOR_COMMUNITY: ("社区督办", "Community supervisor"),
    Role.SUPERVISOR_SUBDISTRICT: ("街道督办", "Subdistrict supervisor"),
    Role.SUPERVISOR_DISTRICT: ("区级督办", "District supervisor"),
    Role.ANALYST: ("分析员", "Analyst"),
    Role.SYSTEM_ADMIN: ("系统管理员", "System administrator"),
    Role.SECURITY_ADMIN: ("安全管理员", "Security administrator"),
    Role.AUDIT_ADMIN: ("审计管理员", "Audit administrator"),
}

SUPERVISORS = frozenset(
    {Role.SUPERVISOR_COMMUNITY, Role.SUPERVISOR_SUBDISTRICT, Role.SUPERVISOR_DISTRICT}
)
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
DESK = frozenset({Role.ACCEPTOR, Role.DISPATCHER, Role.HOTLINE_OPERATOR})
DEPARTMENT_ROLES = frozenset({Role.HANDLER, Role.DEPARTMENT_LEAD})


@dataclass(frozen=True, slots=True)
class Holding:
    """One role, held in one area (None = the whole city), for a department where it has one."""

    role: Role
    area_id: int | None = None
    level: str | None = None
    department_id: int | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks or acts: a person, a machine with a token, the system itself, or the public.

    Args:
        kind: "person", "token", "system" or "public".
        user_id: the user behind it; None for the system and the public.
        scopes: what a token may do ("cases:read", ...); None = no limit beyond the roles.
    """

    kind: str
    user_id: int | None = None
    name: str = ""
    holdings: tuple[Holding, ...] = ()
    scopes: frozenset[str] | None = None
    language: str = "zh"

    def holds(self, *roles: Role) -> bool:
        """Whether one of these roles is held anywhere."""
        return any(h.role in roles for h in self.holdings)

    def holds_in(self, path: Iterable[int | None], *roles: Role) -> bool:
        """Whether one of these roles is held in an area of this path (city ... cell)."""
        areas = set(path)
        return any(
            h.role in roles and (h.area_id is None or h.area_id in areas) for h in self.holdings
        )

    def departments(self, *roles: Role) -> frozenset[int]:
        """Departments this viewer belongs to, by these roles (any department role if none)."""
        wanted = set(roles) or DEPARTMENT_ROLES
        return frozenset(
            h.department_id
            for h in self.holdings
            if h.role in wanted and h.department_id is not None
        )

    def may_use(self, scope: str) -> bool:
        """Whether the token allows this scope; people and the system are not limited by it."""
        return self.scopes is None or scope in self.scopes

    @property
    def is_system(self) -> bool:
        return self.kind == "system"


SYSTEM = Viewer(kind="system", name="system")
PUBLIC = Viewer(kind="public", name="public")
