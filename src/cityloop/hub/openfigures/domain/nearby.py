"""What may be shown of the progress of one matter to somebody near it."""

from __future__ import annotations


def stage_of(step: int) -> str | None:
    """ "handling" or "done" of a citizen's five steps; None where it is not shown (yet)."""
    if step >= 5:
        return "done"
    return "handling" if step >= 2 else None
