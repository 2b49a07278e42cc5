"""What waits to be looked at on site, with all that a grid worker needs there, in few queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cityloop.business.cases.domain import State
from cityloop.business.cases.models import Case, Photo, Report, Task
from cityloop.business.cases.models.case import HAS_CLOCK
from cityloop.business.cases.rules import visible
from cityloop.business.catalogue.queries import condition_info
from cityloop.city.accounts.domain import Viewer

ON_SITE = (State.CHECKING.value, State.VERIFYING.value)


@dataclass
class FieldCase:
    """One matter to check (before filing) or to verify (before closing)."""

    number: str
    state: str
    title: str
    texts: list[str]
    address: str
    lon: float | None
    lat: float | None
    cell_id: int | None
    urgency: str
    class_key: str
    class_zh: str
    class_en: str
    condition: dict[str, str]
    stage_started_at: datetime
    due_at: datetime | None
    alert: str
    mine: bool
    reworks: int
    version: int
    result: str = ""
    photos: list[dict[str, Any]] = field(default_factory=list)


def field_cases(viewer: Viewer, *, limit: int = 60) -> list[FieldCase]:
    """Checks and verifications the viewer may do, own ones first, then by deadline."""
    rows = Case.objects.filter(visible(viewer), HAS_CLOCK, state__in=ON_SITE)
    rows = rows.select_related("case_class").order_by("due_at", "pk")
    own = list(rows.filter(owner_user_id=viewer.user_id)[:limit])
    others = rows.exclude(owner_user_id=viewer.user_id)[: max(0, limit - len(own))]
    cases = [*own, *others]
    ids = [case.pk for case in cases]
    texts, photos, results = _texts(ids), _photos(cases), _results(ids)
    return [
        FieldCase(
            number=case.number,
            state=case.state,
            title=case.title,
            texts=texts[case.pk],
            address=case.address,
            lon=case.lon,
            lat=case.lat,
            cell_id=case.cell_id,
            urgency=case.urgency,
            class_key=case.case_class.key if case.case_class else "",
            class_zh=case.case_class.name_zh if case.case_class else "",
            class_en=case.case_class.name_en if case.case_class else "",
            condition=_condition(case.condition_id),
            stage_started_at=case.stage_started_at,
            due_at=case.due_at,
            alert=case.alert,
            mine=case.owner_user_id == viewer.user_id,
            reworks=case.reworks,
            version=case.version,
            result=results.get(case.pk, ""),
            photos=photos[case.pk],
        )
        for case in cases
    ]


def _texts(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Report.objects.filter(case_id__in=ids).exclude(text="").order_by("pk")
    for case_id, text in rows.values_list("case_id", "text"):
        if len(found[case_id]) < 3:
            found[case_id].append(text[:600])
    return found


def _results(ids: list[int]) -> dict[int, str]:
    """What the departments say they did, the latest round last."""
    rows = Task.objects.filter(case_id__in=ids).exclude(result="").order_by("round", "pk")
    return {case: said[:600] for case, said in rows.values_list("case_id", "result")}


def _photos(cases: list[Case]) -> dict[int, list[dict[str, Any]]]:
    numbers = {case.pk: case.number for case in cases}
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Photo.objects.filter(case_id__in=numbers).order_by("pk")
    for pk, case_id, stage in rows.values_list("pk", "case_id", "stage"):
        at = f"/api/v1/cases/{numbers[case_id]}/photos/{pk}"
        found[case_id].append(
            {"id": pk, "stage": stage, "url": f"{at}/image", "thumbnail_url": f"{at}/thumbnail"}
        )
    return found


def _condition(condition_id: int | None) -> dict[str, str]:
    info = condition_info(condition_id) if condition_id else None
    if info is None:
        return {}
    return {
        "file_zh": info.file_zh,
        "file_en": info.file_en,
        "close_zh": info.close_zh,
        "close_en": info.close_en,
    }
