"""The people of the district as actors: each acts with the rights of the own account."""

from __future__ import annotations

from collections.abc import Sequence

from cityloop.business.catalogue.queries import catalogue
from cityloop.city.accounts.domain import SYSTEM, Role, Viewer
from cityloop.city.accounts.models import User
from cityloop.city.accounts.queries import departments_by_key, viewer_of
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import tree
from cityloop.hub.demo.domain.dice import Dice
from cityloop.hub.demo.domain.facts import ApprovalFacts, Facts
from cityloop.hub.demo.domain.people import Door, Person, doors, staff, supervisors

FIRST_LEVEL = (Role.DISPATCHER, Role.ACCEPTOR, Role.SUPERVISOR_SUBDISTRICT)


def area_codes() -> tuple[str, str, list[str]]:
    """(district, subdistrict, communities) of the town."""
    areas = tree()
    district = areas.below(None, Level.DISTRICT)[0].code
    subdistrict = areas.below(None, Level.SUBDISTRICT)[0].code
    return district, subdistrict, [c.code for c in areas.below(None, Level.COMMUNITY)]


def town_staff(seed: int) -> list[Person]:
    """Everybody the simulator acts as."""
    district, subdistrict, communities = area_codes()
    people = staff(
        seed, district=district, subdistrict=subdistrict, communities=communities,
        departments=sorted(departments_by_key()),
    )  # fmt: skip
    others = [a.code for a in tree().below(None, Level.SUBDISTRICT) if a.code != subdistrict]
    return people + supervisors(seed, others)


def town_doors() -> list[Door]:
    """The one-click log-ins."""
    district, subdistrict, communities = area_codes()
    return doors(district, subdistrict, communities[0], sorted(departments_by_key()))


class Cast:
    """Finds who acts; read once, for as long as the process keeps it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        people = town_staff(seed)
        users = {
            u.username: u for u in User.objects.filter(username__in=[p.username for p in people])
        }
        self._by_role: dict[tuple[Role, str], list[Viewer]] = {}
        self._by_id: dict[int, Viewer] = {}
        ids = {key: d.pk for key, d in departments_by_key().items()}
        self.department_key = {pk: key for key, pk in ids.items()}
        for person in people:
            viewer = viewer_of(users[person.username])
            self._by_id[users[person.username].pk] = viewer
            place = person.departments[0] if person.departments else person.area
            self._by_role.setdefault((person.role, place), []).append(viewer)
            if person.departments or person.role is Role.CITIZEN:
                continue
            self._by_role.setdefault((person.role, ""), []).append(viewer)

    def anyone(self, role: Role, what: str, place: str = "") -> Viewer:
        """Somebody of this role, of an area or a department where one is named."""
        return Dice(self.seed, f"who {role.value}").pick(what, self._by_role[role, place])

    def known(self, user_id: int | None) -> Viewer | None:
        """The actor behind a user id; None for visitors and for people who are not simulated."""
        return self._by_id.get(user_id or 0)

    def worker(self, facts: Facts) -> Viewer:
        """Who was asked to go there, else a worker of the community."""
        asked = self.known(facts.owner_user_id)
        return asked or self._of_community(facts, Role.GRID_WORKER)

    def supervisor(self, facts: Facts) -> Viewer:
        """The supervisor of the community a case lies in."""
        return self._of_community(facts, Role.SUPERVISOR_COMMUNITY)

    def _of_community(self, facts: Facts, role: Role) -> Viewer:
        for area_id in facts.areas:
            code = tree().get(area_id).code
            if (role, code) in self._by_role:
                return self.anyone(role, facts.key, code)
        return self.anyone(Role.SUPERVISOR_SUBDISTRICT, facts.key)

    def unit(self, department_id: int, what: str, *, lead: bool = False) -> Viewer:
        """Somebody of a department."""
        role = Role.DEPARTMENT_LEAD if lead else Role.HANDLER
        return self.anyone(role, what, self.department_key[department_id])

    def citizen(self, facts: Facts) -> Viewer | None:
        """The simulated citizen who reported."""
        return self.known(facts.reporter_id)

    def decider(self, request: ApprovalFacts, what: str) -> Viewer:
        """Who decides the level that is due: nobody who took part before."""
        taken = {request.asked_by, request.first_by}
        roles: Sequence[Role] = (
            FIRST_LEVEL if request.state == "asked" else (Role.SUPERVISOR_DISTRICT,)
        )
        dice = Dice(self.seed, f"decides {what}")
        free = [v for v in self._by_role[dice.pick("role", roles), ""] if v.user_id not in taken]
        return dice.pick("who", free)


def condition_for(class_key: str) -> int | None:
    """The usual condition of a class in force."""
    info = catalogue().classes.get(class_key)
    return info.usual_condition if info else None


__all__ = ["SYSTEM", "Cast", "area_codes", "condition_for", "town_doors", "town_staff"]
