"""A rule that fails while it runs: on the log and on record, once a minute for each rule."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write

log = logging.getLogger(__name__)
AGAIN_S = 60.0
_said: dict[tuple[str, int], float] = {}
_lock = threading.Lock()


def report_fault(step: Mapping[str, Any], *, now: datetime) -> None:
    """Record that a rule failed; the case itself keeps the fault in its explanation each time."""
    rule = (str(step["rule"]), int(step["version"]))
    with _lock:
        moment = time.monotonic()
        if moment - _said.get(rule, -AGAIN_S) < AGAIN_S:
            return
        _said[rule] = moment
    log.error("Routing rule %s v%s failed; a person decides: %s", *rule, step["fault"])
    with write():
        draft = Draft(
            "routing.rule_failed",
            "rule",
            int(step["row"]),
            {"rule": rule[0], "version": rule[1], "fault": str(step["fault"])[:400]},
        )
        record(draft, actor=SYSTEM, now=now)


def forget() -> None:
    """Report again, after a change of rules or between tests."""
    with _lock:
        _said.clear()
