"""What may be published, as values. Pure."""

from cityloop.hub.openfigures.domain.nearby import stage_of
from cityloop.hub.openfigures.domain.suppression import (
    Share,
    Table,
    median_or_none,
    published,
    published_share,
    rounded,
)

__all__ = [
    "Share",
    "Table",
    "median_or_none",
    "published",
    "published_share",
    "rounded",
    "stage_of",
]
