"""Cases and a director in a city that `seed city` made, for measuring the operations centre."""

from __future__ import annotations

import json
import time
from pathlib import Path

from django.utils import timezone

from benchmarks import _million, _wide_city
from benchmarks._rows import loading
from cityloop.business.cases.models import Case, Report, Reporter, Task
from cityloop.city.accounts.commands import create_user, grant_role, new_token
from cityloop.city.accounts.domain import SCOPES, SYSTEM, Role
from cityloop.city.places.domain import Level
from cityloop.city.places.queries import tree


def fill(done: str, *, cells: int, began: float) -> None:
    """As many cases as the other district has; `done` then says how to get in."""
    now = timezone.now()
    made = create_user("bench_director", password=_wide_city.PASSWORD, actor=SYSTEM, now=now)
    district = tree().below(None, Level.DISTRICT)[0].id
    grant_role(made.user_id, Role.SUPERVISOR_DISTRICT, area_id=district, actor=SYSTEM, now=now)
    token = new_token("bench", made.user_id, list(SCOPES), actor=SYSTEM, now=now)
    _million.OPEN_SHARE = _wide_city.OPEN_CASES / _wide_city.CASES
    drawn = _million.draw(_wide_city.CASES, now)
    with loading(Case, Report, Reporter, Task):
        _million.write_cases(drawn, made.user_id)
        _wide_city._quiet_clocks()
    kept = {"user": "bench_director", "password": _wide_city.PASSWORD, "token": token.secret,
            "cells": cells, "made_in_s": round(time.perf_counter() - began)}  # fmt: skip
    Path(done).write_text(json.dumps(kept))
