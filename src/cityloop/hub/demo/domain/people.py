"""A believable subdistrict office: who works there, where, in which shifts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cityloop.city.accounts.domain import Role
from cityloop.hub.demo.domain.dice import Dice

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = (
    "建国", "秀英", "志强", "丽华", "海燕", "文博", "雪梅", "立新", "晓东", "桂芳", "俊杰", "玉兰",
    "振华", "春霞", "鹏飞", "慧敏", "国庆", "雨桐", "明轩", "静怡", "浩然", "淑珍", "思远", "佳宁",
    "少华", "月娥", "一鸣", "小满", "德福", "若曦",
)  # fmt: skip
CITIZENS = 40
DEPARTMENT_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class Person:
    """One synthetic person. area: code ("" = whole city); departments: keys.

    visitor: kept for whoever tries the demo; the simulator never acts as this person.
    """

    username: str
    name: str
    role: Role
    area: str = ""
    departments: tuple[str, ...] = ()
    visitor: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """One button of the one-click log-in: a person and what there is to try."""

    person: Person
    zh: str
    en: str


def doors(
    district: str, subdistrict: str, community: str, departments: Sequence[str]
) -> list[Door]:
    """The people a visitor may be, one a role."""

    def door(
        key: str, name: str, role: Role, area: str, zh: str, en: str, units: tuple[str, ...] = ()
    ) -> Door:
        return Door(Person(f"try_{key}", name, role, area, units, visitor=True), zh, en)

    return [
        door("district", "顾区督", Role.SUPERVISOR_DISTRICT, district,
             "看全区运行总览，督办超时案卷，作二级审批", "Overview, urging, second decision"),
        door("subdistrict", "钟街督", Role.SUPERVISOR_SUBDISTRICT, subdistrict,
             "督办本街道案卷，作一级审批", "Urge in the subdistrict, decide first"),
        door("community", "柳社督", Role.SUPERVISOR_COMMUNITY, community,
             "督办本社区案卷，夜间代为核查", "Urge in the community, verify at night"),
        door("acceptor", "苏受理", Role.ACCEPTOR, district,
             "核对诉求、立案或不予立案，核查后结案", "File, reject, close"),
        door("dispatcher", "江派遣", Role.DISPATCHER, district,
             "派遣系统没有把握的案卷，改派、并案", "Dispatch, re-route, merge"),
        door("handler", "程处置", Role.HANDLER, "",
             "以各部门身份响应、反馈、上传照片、办结", "Respond, feed back, finish, any unit",
             tuple(departments)),
        door("lead", "沈科长", Role.DEPARTMENT_LEAD, "",
             "代表本部门申请延期、挂账、申诉", "Ask for more time, appeal",
             ("urban",)),
        door("worker", "方网格", Role.GRID_WORKER, subdistrict,
             "到现场核实、核查，能办的自办自结", "Check, verify, settle on the spot"),
        door("operator", "叶话务", Role.HOTLINE_OPERATOR, district,
             "登记来电、回访评价", "Take calls, call back"),
        door("analyst", "白分析", Role.ANALYST, district,
             "看指标、热点与部门成效", "Figures, hot classes, outcomes"),
        door("citizen", "任市民", Role.CITIZEN, "",
             "随手拍上报，查进度，作评价", "Report, follow, rate"),
        door("system", "严系统", Role.SYSTEM_ADMIN, "",
             "管理用户、区域与目录（看不到案卷）", "Users, areas, catalogue (no cases)"),
        door("security", "安全权", Role.SECURITY_ADMIN, "",
             "授予和撤销角色、令牌", "Grant and end roles, tokens"),
        door("audit", "审计明", Role.AUDIT_ADMIN, "",
             "查看全部留痕，验证账本", "Read the trace, verify the ledger"),
    ]  # fmt: skip


def staff(
    seed: int,
    *,
    district: str,
    subdistrict: str,
    communities: Sequence[str],
    departments: Sequence[str],
) -> list[Person]:
    """Everybody the simulator acts as."""
    names = _names(seed)

    def some(key: str, role: Role, count: int, area: str, unit: str = "") -> list[Person]:
        units = (unit,) if unit else ()
        return [
            Person(f"{key}{n:02d}", next(names), role, area, units) for n in range(1, count + 1)
        ]

    people = some("acceptor", Role.ACCEPTOR, 6, district)
    people += some("dispatcher", Role.DISPATCHER, 5, district)
    people += some("operator", Role.HOTLINE_OPERATOR, 4, district)
    people += some("district", Role.SUPERVISOR_DISTRICT, 2, district)
    people += some("subdistrict", Role.SUPERVISOR_SUBDISTRICT, 2, subdistrict)
    for n, code in enumerate(communities, start=1):
        people += some(f"community{n:02d}_", Role.SUPERVISOR_COMMUNITY, 1, code)
        people += some(f"worker{n:02d}_", Role.GRID_WORKER, 2, code)
    people += some("night", Role.GRID_WORKER, max(1, len(communities) // 4), subdistrict)
    for key in departments:
        people += some(f"{key}_", Role.HANDLER, DEPARTMENT_PEOPLE - 1, "", key)
        people += some(f"{key}_lead", Role.DEPARTMENT_LEAD, 1, "", key)
    people += some("citizen", Role.CITIZEN, CITIZENS, "")
    return people


def supervisors(seed: int, subdistricts: Sequence[str]) -> list[Person]:
    """One for each further subdistrict, where a city has several."""
    dice = Dice(seed, "street supervisors")
    return [
        Person(f"street{n:02d}",
               dice.pick(f"family{n}", SURNAMES) + dice.pick(f"given{n}", GIVEN),
               Role.SUPERVISOR_SUBDISTRICT, code)
        for n, code in enumerate(subdistricts, start=1)
    ]  # fmt: skip


def _names(seed: int) -> Iterator[str]:
    dice = Dice(seed, "names")
    for n in range(10_000):
        yield dice.pick(f"family{n}", SURNAMES) + dice.pick(f"given{n}", GIVEN)


DAY_SHIFTS = ((time(7), time(14, 30)), (time(14, 30), time(22)))
NIGHT = (time(22), time(7))


def shifts(
    people: Sequence[Person], first: date, days: int, zone: ZoneInfo
) -> Iterator[tuple[str, datetime, datetime]]:
    """(username, from, until): 07-22 by the two of each community in turn, a thin night."""
    workers = [p for p in people if p.role is Role.GRID_WORKER and not p.visitor]
    for n in range(days):
        day = first + timedelta(days=n)
        for place, person in enumerate(workers):
            if person.username.startswith("night"):
                start, end = NIGHT
            else:
                start, end = DAY_SHIFTS[(place + day.toordinal()) % 2]
            until = day if end > start else day + timedelta(days=1)
            yield (
                person.username,
                datetime.combine(day, start, zone),
                datetime.combine(until, end, zone),
            )
