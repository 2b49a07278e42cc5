"""What pages draw and offer: the ground under a map, choices of moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from cityloop.business.cases.domain import STATE_NAMES, TASK_STATE_NAMES
from cityloop.business.catalogue.queries import catalogue
from cityloop.city.accounts.domain import ROLE_NAMES
from cityloop.city.accounts.queries import departments_by_key, viewer_of_request
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import tree
from cityloop.web.pages.context import works


@require_GET
def ground(request: HttpRequest) -> HttpResponse:
    """Streets, water, parks, buildings, where the deployment has them; 204 where it has not."""
    path = Path(settings.DATA) / "basemap.json"
    if not path.is_file():
        return HttpResponse(status=204)
    return _kept(FileResponse(path.open("rb"), content_type="application/json"), 3600)


@require_GET
def choices(request: HttpRequest) -> HttpResponse:
    """Names of states, roles, departments, classes with their conditions."""
    if not works(viewer_of_request(request)):
        return JsonResponse({"code": "login.needed"}, status=401)
    return _kept(JsonResponse(_choices(), json_dumps_params={"ensure_ascii": False}), 30)


def _choices() -> dict[str, Any]:
    return {
        "states": {s.value: names for s, names in STATE_NAMES.items()},
        "task_states": {s.value: names for s, names in TASK_STATE_NAMES.items()},
        "roles": {r.value: names for r, names in ROLE_NAMES.items()},
        "departments": [
            {"id": d.pk, "key": d.key, "zh": d.name_zh, "en": d.name_en or d.name_zh}
            for d in departments_by_key().values()
            if d.active
        ],
        "areas": [
            {"id": a.id, "level": a.level.value, "code": a.code, "zh": a.name_zh,
             "en": a.name_en or a.name_zh}
            for a in tree()
            if a.current and a.level is not Level.CELL
        ],
        "classes": [
            {
                "key": c.key,
                "zh": c.name_zh,
                "en": c.name_en,
                "conditions": [
                    {"id": x.id, "zh": x.file_zh, "en": x.file_en, "limit": x.limit.value,
                     "unit": x.limit.unit.value, "usual": x.is_default}
                    for x in c.conditions
                ],
            }
            for c in catalogue().classes.values()
        ],
    }  # fmt: skip


def _kept(answer: Any, seconds: int) -> HttpResponse:
    answer["Cache-Control"] = f"private, max-age={seconds}"
    return answer  # type: ignore[no-any-return]
