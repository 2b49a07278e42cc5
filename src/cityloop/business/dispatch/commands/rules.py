"""Saving a rule: checked whole, written as its next version; the one before stays readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from cityloop.business.catalogue.queries import catalogue
from cityloop.business.dispatch import faults
from cityloop.business.dispatch.domain import Compiled, Known, Then, check_then, compile_tree
from cityloop.business.dispatch.models import Rule
from cityloop.business.dispatch.queries.table import forget, read_offices
from cityloop.business.dispatch.queries.trial import Trial, dry_run
from cityloop.business.dispatch.rules import need_writer
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.places.queries import tree
from cityloop.city.profile import Profile, load_profile
from cityloop.kernel.errors import DomainError, NotFound


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule to be saved. The lowest position is tried first; area_id None = everywhere."""

    key: str
    zh: str
    when: Mapping[str, Any]
    then: Mapping[str, Any]
    en: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    position: int = 100
    area_id: int | None = None


@dataclass
class Loaded:
    """What loading a set of rules did, by key."""

    saved: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def known_now() -> Known:
    """What rules may name at present: classes, channels, areas, active departments."""
    channels = {c["key"] for c in load_profile().settings.get("channels", ())}
    return Known(
        classes=set(catalogue().classes),
        channels=channels or None,
        areas={area.code for area in tree()},
        departments=set(read_offices().ids),
    )


def check_rule(rule: NewRule, known: Known | None = None) -> tuple[Compiled, Then]:
    """The rule, compiled. Raises: DomainError("rule.invalid") naming the place of the fault."""
    known = known or known_now()
    _check_texts(rule)
    if rule.area_id is not None and tree().find(rule.area_id) is None:
        raise DomainError(
            "rule.invalid",
            f"area is {rule.area_id}; allowed: the id of an area in force, or none.",
            f"area 的值为 {rule.area_id}；应为有效区域的编号，或留空。",
            where="area",
        )
    return compile_tree(rule.when, known), check_then(rule.then, known)


def save_rule(rule: NewRule, *, actor: Viewer, now: datetime) -> Rule:
    """Put a rule into force as its next version; the same content again changes nothing.

    Raises: NotAllowed, DomainError("rule.invalid").
    """
    need_writer(actor)
    check_rule(rule)
    with write():
        row, _ = _save(rule, actor, now)
    _forget()
    return row


def try_rule(rule: NewRule, *, since: datetime, until: datetime, actor: Viewer) -> Trial:
    """Check a rule and try it on the cases received in [since, until); nothing is changed.

    Raises: NotAllowed, DomainError("rule.invalid" | "rule.span" | "rule.no_history").
    """
    need_writer(actor)
    check_rule(rule)
    row = Rule(version=0, saved_at=until, **asdict(rule))
    return dry_run(row, since=since, until=until, viewer=actor)


def remove_rule(key: str, *, actor: Viewer, now: datetime) -> None:
    """Take a rule out of force; its versions stay readable. Raises: NotAllowed, NotFound."""
    need_writer(actor)
    with write():
        row = Rule.objects.select_for_update().filter(key=key, ended_at=None).first()
        if row is None:
            raise NotFound(
                "rule.unknown",
                f"No rule '{key}' is in force. GET /api/v1/routing/rules lists those that are.",
                f"没有生效中的规则“{key}”。",
                where="key",
            )
        _remove(row, actor, now)
    _forget()


def load_rules(*, actor: Viewer, now: datetime, replace: bool = False) -> Loaded:
    """Put the profile's rules into force, all or none.

    replace: rules that the profile does not have are taken out of force.
    Raises: NotAllowed; DomainError("rule.invalid") naming rule and place.
    """
    need_writer(actor)
    rules, known = rules_of_profile(load_profile()), known_now()
    for rule in rules:
        _check_named(rule, known)
    done = Loaded()
    with write():
        for rule in rules:
            _, saved = _save(rule, actor, now)
            (done.saved if saved else done.same).append(rule.key)
        if replace:
            others = Rule.objects.filter(ended_at=None).exclude(key__in=[r.key for r in rules])
            for row in others.select_for_update():
                _remove(row, actor, now)
                done.removed.append(row.key)
    _forget()
    return done


def rules_of_profile(profile: Profile) -> list[NewRule]:
    """rules.toml of a profile, in its order: positions 10, 20, ..."""
    found: Sequence[Mapping[str, Any]] = profile.toml("rules.toml").get("rules", [])
    return [
        NewRule(
            key=row["id"],
            zh=row["zh"],
            en=row.get("en", ""),
            reason_zh=row.get("reason_zh", ""),
            reason_en=row.get("reason_en", ""),
            when=row["when"],
            then=row["then"],
            position=int(row.get("position", number * 10)),
        )
        for number, row in enumerate(found, start=1)
    ]


def _save(rule: NewRule, actor: Viewer, now: datetime) -> tuple[Rule, bool]:
    old = Rule.objects.select_for_update().filter(key=rule.key).order_by("-version").first()
    values = asdict(rule)
    if old is not None and old.in_force and all(getattr(old, n) == v for n, v in values.items()):
        return old, False
    Rule.objects.filter(key=rule.key, ended_at=None).update(ended_at=now)
    row = Rule.objects.create(
        version=old.version + 1 if old else 1, saved_at=now, saved_by_id=actor.user_id, **values
    )
    data = {"rule": row.key, "version": row.version, "when": row.when, "then": row.then}
    record(Draft("routing.rule_saved", "rule", row.pk, data), actor=actor, now=now)
    return row, True


def _remove(row: Rule, actor: Viewer, now: datetime) -> None:
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    data = {"rule": row.key, "version": row.version}
    record(Draft("routing.rule_removed", "rule", row.pk, data), actor=actor, now=now)


def _check_named(rule: NewRule, known: Known) -> None:
    try:
        check_rule(rule, known)
    except DomainError as error:
        raise DomainError(
            error.code,
            f"Rule {rule.key}: {error.en}",
            f"规则 {rule.key}：{error.zh}",
            where=f"{rule.key}.{error.where}",
            details=error.details,
        ) from error


def _check_texts(rule: NewRule) -> None:
    limits = {"key": 64, "zh": 120, "en": 160, "reason_zh": 400, "reason_en": 400}
    for name, most in limits.items():
        value = getattr(rule, name)
        fits = len(value) <= most and "\0" not in value
        if name == "key":
            fits = fits and bool(value) and value.replace("-", "").replace("_", "").isalnum()
            fits = fits and value.isascii()
        if not fits or (name == "zh" and not value.strip()):
            raise DomainError(
                "rule.invalid",
                f"{name} is {value[:80]!r}; allowed: up to {most} characters"
                + (", letters, digits, - and _." if name == "key" else ", zh not empty."),
                f"{name} 的值为 {value[:80]!r}；最多 {most} 个字符"
                + ("，仅限英文字母、数字、- 和 _。" if name == "key" else "，中文名称不能为空。"),
                where=name,
            )
    if not -1_000_000 <= rule.position <= 1_000_000:
        raise DomainError(
            "rule.invalid",
            f"position is {rule.position}; allowed: -1000000 to 1000000.",
            f"position 的值为 {rule.position}；应在 -1000000 至 1000000 之间。",
            where="position",
        )


def _forget() -> None:
    forget()
    faults.forget()
