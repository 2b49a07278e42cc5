"""Who handles this, why, and what would have been with another rule."""

from cityloop.business.dispatch.queries.routing import route
from cityloop.business.dispatch.queries.table import forget
from cityloop.business.dispatch.values import CaseFacts, Decision

__all__ = ["CaseFacts", "Decision", "forget", "route"]
