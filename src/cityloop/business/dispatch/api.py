"""Rules, dry runs, and why a text would go where it goes. Mounted at /routing."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router
from ninja.responses import Status

from cityloop.business.dispatch import commands, queries, schemas
from cityloop.business.dispatch.commands import NewRule
from cityloop.business.dispatch.explaining import explained
from cityloop.business.dispatch.models import Rule
from cityloop.business.dispatch.rules import need_reader, need_writer
from cityloop.business.dispatch.words import rule_words
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.places.queries import tree

router = Router(tags=["routing 派遣规则"])
PathKey = Annotated[schemas.Key, Path()]


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]


@router.get("/rules", response=schemas.RuleList, summary="Rules in force 生效规则")
def rules(request: HttpRequest, ended: bool = False) -> dict[str, Any]:
    """ended: instead the last version of each rule that is not in force."""
    find = queries.rules_ended if ended else queries.rules_in_force
    return {"items": [_shown(r) for r in find(viewer=_viewer(request))]}


@router.get("/words", response=schemas.WordsOut, summary="What rules are made of 规则要素")
def words(request: HttpRequest) -> dict[str, Any]:
    need_reader(_viewer(request))
    return rule_words()


@router.get("/rules/{key}", response=schemas.RuleList, summary="Versions of a rule 规则各版本")
def versions(request: HttpRequest, key: PathKey) -> dict[str, Any]:
    return {"items": [_shown(r) for r in queries.rule_versions(key, viewer=_viewer(request))]}


@router.put("/rules/{key}", response=schemas.RuleOut, summary="Save a rule 保存规则")
def save(request: HttpRequest, key: PathKey, given: schemas.RuleIn) -> dict[str, Any]:
    viewer = _viewer(request)
    need_writer(viewer)
    return _shown(commands.save_rule(_rule(key, given), actor=viewer, now=timezone.now()))


@router.delete("/rules/{key}", response={204: None}, summary="Remove a rule 停用规则")
def remove(request: HttpRequest, key: PathKey) -> Status[None]:
    commands.remove_rule(key, actor=_viewer(request), now=timezone.now())
    return Status(204, None)


@router.post("/dry-run", response=schemas.TrialOut, summary="Try a rule on history 历史试运行")
def dry_run(request: HttpRequest, given: schemas.TrialIn) -> dict[str, Any]:
    viewer, now = _viewer(request), timezone.now()
    need_writer(viewer)
    trial = commands.try_rule(
        _rule(given.key, given), since=now - timedelta(days=given.days), until=now, actor=viewer
    )
    names = {d.pk: d.name_zh for d in departments_by_key().values()}
    return {
        "examined": trial.examined,
        "held": trial.held,
        "otherwise": trial.otherwise,
        "faults": trial.faults,
        "share": trial.held / trial.examined if trial.examined else 0.0,
        "agreed": (trial.held - trial.otherwise) / trial.held if trial.held else None,
        "moves": [
            {"was": names.get(a or 0), "would_be": names.get(b or 0), "cases": n}
            for (a, b), n in trial.moves.most_common(50)
        ],
        "examples": [
            e | {"was": names.get(e["was"]), "would_be": names.get(e["would_be"])}
            for e in trial.examples
        ],
    }


@router.post("/explain", response=schemas.ExplainOut, summary="Where would this go 派遣解释")
def explain(request: HttpRequest, given: schemas.ExplainIn) -> dict[str, Any]:
    return explained(given.dict(), viewer=_viewer(request), now=timezone.now())


def _rule(key: str, given: schemas.RuleIn) -> NewRule:
    said = given.dict(exclude={"area_code", "key", "days"})
    area = tree().by_code(given.area_code).id if given.area_code else None
    return NewRule(key=key, area_id=area, **said)


def _shown(row: Rule) -> dict[str, Any]:
    area = tree().find(row.area_id) if row.area_id else None
    names = ("key", "version", "position", "zh", "en", "reason_zh", "reason_en", "when", "then")
    shown = {name: getattr(row, name) for name in names}
    return shown | {
        "area_code": area.code if area else "",
        "in_force": row.in_force,
        "saved_at": row.saved_at,
        "ended_at": row.ended_at,
    }
