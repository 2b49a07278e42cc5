"""Who handles this, why, and what would have been with another rule."""

from cityloop.business.dispatch.queries.lists import rule_versions, rules_ended, rules_in_force
from cityloop.business.dispatch.queries.routing import replay, route
from cityloop.business.dispatch.queries.table import forget
from cityloop.business.dispatch.queries.trial import Trial, dry_run
from cityloop.business.dispatch.values import CaseFacts, Decision

__all__ = [
    "CaseFacts",
    "Decision",
    "Trial",
    "dry_run",
    "forget",
    "replay",
    "route",
    "rule_versions",
    "rules_ended",
    "rules_in_force",
]
