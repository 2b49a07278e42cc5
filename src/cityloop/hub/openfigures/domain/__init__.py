"""What may be published, as values. Pure."""

from cityloop.hub.openfigures.domain.nearby import is_hidden, rough_place, stage_of
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
    "is_hidden",
    "median_or_none",
    "published",
    "published_share",
    "rough_place",
    "rounded",
    "stage_of",
]
