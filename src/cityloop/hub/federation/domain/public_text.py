"""What the public may read of a report: numbers, names and doors masked."""

from __future__ import annotations

from cityloop.city.audit.domain import masked_text
from cityloop.engines.privacy import Mode

LONGEST = 4000  # of a description, by GeoReport v2


def public_text(text: str) -> str:
    """The text as it may leave the platform, cut to 4,000 characters after masking.

    Example: >>> public_text("我叫张三丰，电话13800138000")
        '我叫张*，电话138****8000'
    """
    text = masked_text(text, Mode.LEAVING)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
