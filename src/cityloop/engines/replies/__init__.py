"""Replies to citizens: what one lacks, a draft from like ones. docs/algorithms/replies.md."""

from cityloop.engines.replies.checking import Stage, check
from cityloop.engines.replies.drafting import GAP, Draft, Piece, Solved, draft
from cityloop.engines.replies.findings import CODES, Finding
from cityloop.engines.replies.likeness import Hit, Likeness

__all__ = [
    "CODES",
    "GAP",
    "Draft",
    "Finding",
    "Hit",
    "Likeness",
    "Piece",
    "Solved",
    "Stage",
    "check",
    "draft",
]
