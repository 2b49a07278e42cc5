"""Rules as lists."""

from __future__ import annotations

from cityloop.business.dispatch.models import Rule
from cityloop.business.dispatch.rules import need_reader
from cityloop.city.accounts.domain import Viewer
from cityloop.kernel.errors import NotFound


def rules_in_force(*, viewer: Viewer) -> list[Rule]:
    """Rules in the order they are tried. Raises: NotAllowed."""
    need_reader(viewer)
    return list(Rule.objects.filter(ended_at=None).order_by("position", "key"))


def rules_ended(*, viewer: Viewer) -> list[Rule]:
    """The last version of each rule that is not in force. Raises: NotAllowed."""
    need_reader(viewer)
    live = Rule.objects.filter(ended_at=None).values("key")
    last: dict[str, Rule] = {}
    for row in Rule.objects.exclude(key__in=live).order_by("key", "version"):
        last[row.key] = row
    return list(last.values())


def rule_versions(key: str, *, viewer: Viewer) -> list[Rule]:
    """Every version of a rule, the newest first. Raises: NotAllowed, NotFound("rule.unknown")."""
    need_reader(viewer)
    rows = list(Rule.objects.filter(key=key).order_by("-version"))
    if not rows:
        raise NotFound(
            "rule.unknown", f"There is no rule '{key}'.", f"没有规则“{key}”。", where="key"
        )
    return rows
