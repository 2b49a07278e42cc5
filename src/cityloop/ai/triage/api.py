"""Model versions with their figures, and suggestions with their reasons. Mounted at /triage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router

from cityloop.ai.registry.domain import Mode
from cityloop.ai.registry.queries import Standing, standings
from cityloop.ai.triage import commands, queries, schemas
from cityloop.ai.triage.cards import card_of
from cityloop.ai.triage.models import ModelVersion
from cityloop.city.accounts.domain import Viewer

router = Router(tags=["triage 智能分类"])
Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[int, Query(ge=0, le=2**62)]
PathId = Annotated[int, Path(ge=0, le=2**62)]
FIGURES = ("texts", "classes", "accuracy", "macro_f1", "top2", "calibration_error", "coverage")


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.get("/models", response=schemas.ModelPage, summary="Model versions 模型版本")
def models(
    request: HttpRequest, kind: schemas.Kind | None = None, after: After = 0, limit: Limit = 50
) -> dict[str, Any]:
    rows = queries.model_versions(viewer=_viewer(request), kind=kind, after=after, limit=limit)
    return {
        "items": _all_shown(rows),
        "next_after": rows[-1].pk if len(rows) == limit else None,
    }


@router.get("/models/{model_id}", response=schemas.ModelDetail, summary="One model 模型详情")
def model(request: HttpRequest, model_id: PathId) -> dict[str, Any]:
    row = queries.get_model(model_id, viewer=_viewer(request))
    return _shown(row) | {"report": row.report}


@router.post("/models/{model_id}/activate", response=schemas.ModelOut, summary="Activate 启用")
def activate(request: HttpRequest, model_id: PathId) -> dict[str, Any]:
    return _shown(commands.activate_model(model_id, actor=_viewer(request), now=timezone.now()))


@router.post("/models/{model_id}/retire", response=schemas.ModelOut, summary="Retire 停用")
def retire(request: HttpRequest, model_id: PathId) -> dict[str, Any]:
    return _shown(commands.retire_model(model_id, actor=_viewer(request), now=timezone.now()))


@router.get("/models/{model_id}/card", response=schemas.ModelCard, summary="Model card 模型卡片")
def card(request: HttpRequest, model_id: PathId) -> dict[str, Any]:
    row = queries.get_model(model_id, viewer=_viewer(request))
    return card_of(row, today=timezone.localdate())


@router.post(
    "/models/{model_id}/rollout", response=schemas.ModelOut, summary="Watch or share 影子或灰度"
)
def roll_out(request: HttpRequest, model_id: PathId, given: schemas.RolloutIn) -> dict[str, Any]:
    commands.roll_out(
        model_id,
        mode=Mode(given.mode),
        share=given.share,
        actor=_viewer(request),
        now=timezone.now(),
    )
    return _shown(queries.get_model(model_id, viewer=_viewer(request)))


@router.post("/rollback", response=schemas.ModelOut, summary="Back to the model before 回退")
def roll_back(request: HttpRequest, given: schemas.RolledBackIn) -> dict[str, Any]:
    return _shown(commands.roll_back(given.kind, actor=_viewer(request), now=timezone.now()))


@router.post("/suggest", response=schemas.SuggestOut, summary="Suggest a class 分类建议")
def suggest(request: HttpRequest, given: schemas.SuggestIn) -> dict[str, Any]:
    queries.need_reader(_viewer(request))
    title, text, kind = given.title, given.text, given.kind
    said = queries.classify([title], [text], kind=kind)[0]
    urgency = queries.urgency(title, text, class_key=said.class_key or "")
    return {
        "model": said.model_version,
        "accepted": said.accepted,
        "top": [
            {
                "label": label,
                "probability": round(chance, 4),
                "words": queries.explain(title, text, label, kind=kind),
            }
            for label, chance in said.top
        ],
        "also": said.also,
        "urgency": {"level": urgency.level, "words": list(urgency.words)},
        "matters": [asdict(part) for part in queries.matters(title, text, kind=kind)],
        "opinion": _opinion(request, given) if given.opinion else None,
    }


def _opinion(request: HttpRequest, given: schemas.SuggestIn) -> dict[str, Any]:
    found = commands.second_opinion(
        given.title, given.text, kind=given.kind, actor=_viewer(request), now=timezone.now()
    )
    tokens = found.tokens_in + found.tokens_out
    return {"label": found.label, "also": found.also, "tokens": tokens}


def _shown(row: ModelVersion) -> dict[str, Any]:
    return _all_shown([row])[0]


def _all_shown(rows: Sequence[ModelVersion]) -> list[dict[str, Any]]:
    today = timezone.localdate()
    standing = standings({row.label: row.accuracy for row in rows}, today=today)
    names = ("kind", "number", "label", "name", "created_at", "trained_on", "catalogue_version",
             "fingerprint", "threshold", "active")  # fmt: skip
    return [
        {name: getattr(row, name) for name in names}
        | {"id": row.pk, "accuracy_wanted": row.accuracy}
        | {"figures": {name: row.report.get(name) for name in FIGURES}}
        | {"standing": _stands(standing[row.label])}
        for row in rows
    ]


def _stands(standing: Standing) -> dict[str, Any]:
    return asdict(standing) | {"drift_level": standing.drift_level}
