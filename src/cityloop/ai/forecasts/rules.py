"""Who reads forecasts, of which areas; who enters triggers and decides on warnings."""

from __future__ import annotations

from cityloop.city.accounts.domain import SUPERVISORS, Role, Viewer
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import tree
from cityloop.kernel.errors import NotAllowed, NotFound

READERS = SUPERVISORS | {Role.ANALYST, Role.DISPATCHER, Role.DEPARTMENT_LEAD}
DECIDERS = READERS


def check_may_read(viewer: Viewer) -> None:
    """Raises: NotAllowed("forecast.not_yours") for everybody but those it is made for."""
    if viewer.is_system:
        return
    if not viewer.holds(*READERS) or not viewer.may_use("stats:read"):
        raise NotAllowed(
            "forecast.not_yours",
            "Forecasts are for analysts, dispatchers, department leads and supervisors.",
            "诉求预测仅供分析员、派遣员、部门负责人与督办人员使用。",
        )


def shown_areas(viewer: Viewer, level: str) -> dict[int, tuple[str, str]]:
    """Areas of the forecasts' level that lie within, or around, one the viewer holds a role in.

    Returns: names (zh, en) by id. The whole city is shown to every reader: it is a sum.
    """
    areas = tree()
    held = [h.area_id for h in viewer.holdings if h.role in READERS]
    everywhere = viewer.is_system or any(area is None for area in held)
    found = {}
    for area in areas.below(None, Level(level)):
        chain = {one.id for one in areas.chain(area.id)}
        around = (set(areas.path(one).ids()) for one in held if one is not None)
        if everywhere or chain & set(held) or any(area.id in path for path in around):
            found[area.id] = (area.name("zh"), area.name("en"))
    return found


def check_may_decide(viewer: Viewer, area_id: int, level: str) -> int:
    """The person deciding about a cell of this area.

    Raises: NotAllowed("login.needed" | "forecast.not_yours"), NotFound("forecast.no_warning").
    """
    check_may_read(viewer)
    if viewer.kind != "person" or viewer.user_id is None:
        raise NotAllowed(
            "login.needed", "Log in first: a person decides.", "请先登录：须由人决定。"
        )
    if area_id and area_id not in shown_areas(viewer, level):
        raise no_warning()
    return viewer.user_id


def no_warning() -> NotFound:
    """The warning asked for is not there, or not for this viewer."""
    return NotFound("forecast.no_warning", "There is no such warning.", "没有这条预警。")
