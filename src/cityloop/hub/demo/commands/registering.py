"""Registers of elements filled from a synthetic district."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements.commands import register_kinds, register_profile_kinds, take
from cityloop.city.elements.domain import Family, KindSpec
from cityloop.hub.demo.domain.registers import OTHER_KINDS, Registers
from cityloop.kernel.errors import DomainError

SOURCE = "cityloop-district"


def register(
    registers: Registers, *, now: datetime, tell: Callable[[str, int, float], None] | None = None
) -> dict[str, int]:
    """Take every row into its register; how many of each kind.

    Args:
        tell: called with (kind, rows, seconds) after each.
    Raises: DomainError("demo.element_refused") for the first row that is refused: what we make
        ourselves has to be right.
    """
    register_profile_kinds(actor=SYSTEM, now=now)
    own = [
        KindSpec(code, Family.THING, zh, en, component_code=class_code)
        for code, zh, en, class_code in OTHER_KINDS
    ]
    register_kinds(own, actor=SYSTEM, now=now)
    counts: dict[str, int] = {}
    for kind, rows in registers:
        began = time.process_time()
        done = take(rows, kind=kind, source=SOURCE, actor=SYSTEM, now=now)
        if done.refused:
            first = done.refused[0]
            raise DomainError(
                "demo.element_refused",
                f"{len(done.refused)} rows of {kind} were refused, the first is "
                f"{first.code}: {first.error.en}",
                f"{kind} 有 {len(done.refused)} 行被拒绝，首行 {first.code}：{first.error.zh}",
                where=kind,
            )
        counts[kind] = counts.get(kind, 0) + done.new
        if tell is not None:
            tell(kind, done.new, time.process_time() - began)
    return counts
