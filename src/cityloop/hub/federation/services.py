"""Classes of the catalogue as Open311 services."""

from __future__ import annotations

from typing import Any

from cityloop.business.catalogue.queries import Catalogue, ClassInfo, catalogue
from cityloop.engines.deadlines import Limit
from cityloop.kernel.errors import DomainError, NotFound

UNSURE = "OTHER"
CONDITION = "CONDITION"
_UNITS = {
    "clock_minute": ("分钟", "minutes"),
    "clock_hour": ("小时", "hours"),
    "clock_day": ("天", "days"),
    "work_minute": ("工作分钟", "working minutes"),
    "work_hour": ("工作小时", "working hours"),
    "work_day": ("个工作日", "working days"),
}


def word(zh: str, en: str, language: str) -> str:
    """Chinese, or English where the reader asks for it and it is there."""
    return zh if language.startswith("zh") or not en else en


def service_list(language: str) -> list[dict[str, Any]]:
    """GET services: every class in force, and one for who is not sure."""
    known = sorted(catalogue().classes.values(), key=lambda c: c.key)
    return [*(_service(c, language) for c in known), _unsure(language)]


def _service(cls: ClassInfo, language: str) -> dict[str, Any]:
    default = next((c for c in cls.conditions if c.is_default), None)
    said = word(default.file_zh, default.file_en, language) if default else ""
    return {
        "service_code": cls.key,
        "service_name": word(cls.name_zh, cls.name_en, language),
        "description": said or None,
        "metadata": len(cls.conditions) > 1,
        "type": "realtime",
        "keywords": ", ".join(a.replace(",", " ") for a in cls.aliases) or None,
        "group": word(cls.big_zh, cls.big_en, language),
    }


def _unsure(language: str) -> dict[str, Any]:
    return {
        "service_code": UNSURE,
        "service_name": unsure_name(language),
        "description": word(
            "不确定类别时使用，由系统或受理员判定。",
            "When you are not sure: the class is found from the description, or by a person.",
            language,
        ),
        "metadata": False,
        "type": "realtime",
        "keywords": None,
        "group": word("其他", "Other", language),
    }


def unsure_name(language: str) -> str:
    """Name of the service of what has no class yet."""
    return word("其他（待分类）", "Other (class to be found)", language)


def service_definition(code: str, language: str) -> dict[str, Any]:
    """GET services/{code}: the conditions of the class to choose from.

    Raises: NotFound("open311.service").
    """
    cls = find_service(code)
    if cls is None or len(cls.conditions) < 2:
        return {"service_code": code, "attributes": []}
    values = [
        {"key": str(c.seq), "name": word(c.file_zh, c.file_en, language)} for c in cls.conditions
    ]
    attribute = {
        "variable": True,
        "code": CONDITION,
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": word("请选择一项", "Choose one", language),
        "order": 1,
        "description": word("具体是哪种情况？", "Which of these is it?", language),
        "values": values,
    }
    return {"service_code": code, "attributes": [attribute]}


def find_service(code: str) -> ClassInfo | None:
    """The class behind a service code; None for the service of who is not sure.

    Raises: NotFound("open311.service").
    """
    if code == UNSURE:
        return None
    known: Catalogue = catalogue()
    if code not in known.classes:
        raise NotFound(
            "open311.service",
            f"service_code '{code[:40]}' was not found. See GET services.",
            f"没有服务代码“{code[:40]}”，请参见 GET services。",
            where="service_code",
        )
    return known.classes[code]


def chosen_condition(cls: ClassInfo | None, values: list[str]) -> tuple[int, str] | None:
    """(number, words) of the condition a client chose. Raises: DomainError("open311.attribute")."""
    if not values or cls is None:
        return None
    found = next((c for c in cls.conditions if [str(c.seq)] == values), None)
    if found is None:
        allowed = ", ".join(str(c.seq) for c in cls.conditions)
        raise DomainError(
            "open311.attribute",
            f"attribute[{CONDITION}] is '{', '.join(values)[:60]}'; one of {allowed} is allowed.",
            f"attribute[{CONDITION}] 为“{'、'.join(values)[:60]}”，可用：{allowed}。",
            where=f"attribute[{CONDITION}]",
        )
    return found.seq, found.file_zh


def notice(limit: Limit | None, language: str) -> str | None:
    """What is promised: the time limit of a condition, in words."""
    if limit is None:
        return None
    zh, en = _UNITS[limit.unit.value]
    return word(
        f"确认属实并立案后，一般在 {limit.value:g} {zh}内处置完毕。",
        f"Once confirmed it is normally handled within {limit.value:g} {en}.",
        language,
    )
