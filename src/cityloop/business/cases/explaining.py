"""Why a case has its class and its department: what said so, how surely, who corrected it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cityloop.ai.triage.queries import CLASS, active_model, words_for
from cityloop.business.cases.models import Case, Report
from cityloop.business.catalogue.queries import catalogue, condition_info, get_condition
from cityloop.city.accounts.domain import SYSTEM, Role, Viewer
from cityloop.city.accounts.queries import departments_by_key, names_of
from cityloop.city.audit.queries import TraceRow, trace
from cityloop.city.places.queries import tree
from cityloop.kernel.errors import NotAllowed

DECISIONS = ("case.dispatch", "case.reroute", "case.return", "case.split")
LABELS = ("case.file", "case.reclassify", "case.dispatch", "case.reroute", "case.settle")


def check_staff(viewer: Viewer) -> None:
    """Raises: NotAllowed("case.staff") for the public and for citizens."""
    if viewer.kind == "public" or not viewer.holds(*(set(Role) - {Role.CITIZEN})):
        raise NotAllowed(
            "case.staff",
            "This part of a case is for its staff; follow your own report with its key.",
            "此部分仅供工作人员查看；本人诉求请凭查询码查询。",
        )


def reasons_of(viewer: Viewer, case: Case) -> dict[str, Any]:
    """Class and department of a case with the reasons for both.

    Raises: NotAllowed("case.staff").
    """
    check_staff(viewer)
    rows = trace("case", case.pk, viewer=SYSTEM)
    people = names_of(row.actor_id for row in rows)
    return {"classified": _class(case, rows, people), "routed": _route(case, rows, people)}


def _class(case: Case, rows: list[TraceRow], people: Mapping[int, str]) -> dict[str, Any]:
    said = case.triage or {}
    key = get_condition(case.condition_id)[1].key if case.condition_id else ""
    active = active_model(CLASS)
    return {
        "key": key,
        **_names(key),
        "by": _class_by(said, key),
        "said": said.get("class"),
        "confidence": said.get("confidence"),
        "accepted": said.get("accepted"),
        "model": said.get("model"),
        "words_by": active.label if active else None,
        "top": [
            {"key": label, **_names(label), "probability": p, "words": _words(case, label)}
            for label, p in said.get("top", [])
        ],
        "labels": [_label(row, people) for row in rows if row.kind in LABELS and _is_label(row)],
    }


def _class_by(said: Mapping[str, Any], key: str) -> str:
    """ "person" where a person chose, be it what the model had suggested without being sure."""
    if not key:
        return ""
    alone = said.get("by") == "given" or said.get("accepted")
    return str(said["by"]) if alone and said.get("class") == key else "person"


def _is_label(row: TraceRow) -> bool:
    return bool(row.data.get("class")) and row.actor_kind != "system"


def _label(row: TraceRow, people: Mapping[int, str]) -> dict[str, Any]:
    key = str(row.data["class"])
    return {"at": row.at, "key": key, **_names(key), "by": people.get(row.actor_id or 0, "")}


def _names(key: str) -> dict[str, str]:
    cls = catalogue().classes.get(key)
    return {"zh": cls.name_zh if cls else key, "en": cls.name_en if cls else key}


def _words(case: Case, key: str) -> list[dict[str, Any]]:
    """Words that speak for a class, by the model in use now."""
    active = active_model(CLASS)
    first = Report.objects.filter(case_id=case.pk).order_by("pk").first()
    if active is None or first is None or key not in active.model.labels:
        return []
    return words_for(first.title, first.text, key)


# --- where it went ------------------------------------------------------------------------------
def _route(case: Case, rows: list[TraceRow], people: Mapping[int, str]) -> dict[str, Any]:
    route = case.route or {}
    return {
        "by": case.routed_by,
        "machine": route.get("by"),
        "version": route.get("version"),
        "fault": route.get("fault"),
        "misrouted": case.misrouted,
        "steps": [step_out(step) for step in route.get("steps", [])],
        "decisions": [_decision(row, people) for row in rows if row.kind in DECISIONS],
    }


def step_out(step: Mapping[str, Any]) -> dict[str, Any]:
    """One step of routing with names for its keys and ids."""
    shown = dict(step)
    named = {"lead": "lead_name", "unknown": "unknown_name"}
    for key, name in named.items():
        if isinstance(step.get(key), str):
            shown[name] = _department(str(step[key]))
    if isinstance(step.get("also"), dict):
        shown["also_name"] = _department(str(step["also"]["label"]))
    shown["co_names"] = [_department(str(key)) for key in step.get("co") or []]
    area = tree().find(step.get("area"))
    if area is not None:
        shown["area_name"] = {"zh": area.name_zh, "en": area.name_en or area.name_zh}
    if isinstance(step.get("condition"), int):
        condition = condition_info(int(step["condition"]))
        shown["condition_name"] = (
            {"zh": condition.file_zh, "en": condition.file_en} if condition else None
        )
    return shown


def _department(key: str) -> dict[str, str]:
    row = departments_by_key().get(key)
    return {"zh": row.name_zh, "en": row.name_en or row.name_zh} if row else {"zh": key, "en": key}


def _decision(row: TraceRow, people: Mapping[int, str]) -> dict[str, Any]:
    return {
        "at": row.at,
        "kind": row.kind.removeprefix("case."),
        "by": str(row.data.get("by") or ""),
        "person": people.get(row.actor_id or 0, ""),
        "lead": row.data.get("lead"),
        "before": row.data.get("department_before"),
        "version": row.data.get("route"),
    }
