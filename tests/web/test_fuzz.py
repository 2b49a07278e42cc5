"""Any request the OpenAPI file describes, and many it does not: never a 5xx, never a surprise.

Schemathesis draws the requests from the file itself, so a new operation is tried by being there.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from cityloop.business.cases.models import Case
from cityloop.city.accounts.commands import new_token
from cityloop.city.accounts.domain import SCOPES, SYSTEM
from cityloop.config.wsgi import application
from tests.business.cases.stories import Walk, received, unclassed
from tests.web.conftest import Sign
from tests.world import World

pytestmark = pytest.mark.django_db

# The first one of each is the plainest there is; more of them by night: CITYLOOP_FUZZ=20.
EXAMPLES = int(os.environ.get("CITYLOOP_FUZZ", "2"))
# Logging out ends the fuzzing of everything behind the log-in.
LEFT_OUT = {("delete", "/api/v1/session")}
# Who gets far asks each time; the others, one after the other, each at least once an operation.
ALWAYS_ASK, IN_TURN = ("acceptor", "token"), ("anonymous", "dispatcher", "citizen")
# What any operation may say beside what it declares: refused before it is reached.
ALWAYS = {400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 429}


@contextlib.contextmanager
def one_connection() -> Iterator[None]:
    """The end of a request must not end the test's transaction; Django's own client does this."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture
def city(world: World) -> World:
    """Something of everything, so that some requests find what they ask for."""
    received(world)
    unclassed(world)
    walk = Walk(world, unclassed(world)).to_handling()
    walk.step("handler", "ask_extension", reason="等待设备")
    return world


@pytest.fixture
def callers(city: World, site: Sign) -> dict[str, dict[str, Any]]:
    """How each kind of caller says who it is."""
    found: dict[str, dict[str, Any]] = {"anonymous": {}}
    for who in ("acceptor", "dispatcher", "citizen"):
        client = site(who)
        cookies = {m.key: m.value for m in client.cookies.values()}
        csrf = {"X-CSRFToken": client.defaults["HTTP_X_CSRFTOKEN"]}
        found[who] = {"headers": csrf, "cookies": cookies}
    made = new_token("模糊", city.users["district"].pk, SCOPES, actor=SYSTEM, now=city.now)
    found["token"] = {"headers": {"Authorization": f"Bearer {made.secret}"}}
    return found


def test_no_request_breaks_the_server(callers: dict[str, dict[str, Any]]) -> None:
    with one_connection():
        tried, faults = _try_everything(callers)
    print(f"\n{sum(tried.values())} requests: {dict(sorted(tried.items()))}")
    assert not faults, "\n".join(faults[:20])
    assert sum(tried.values()) > 10 * EXAMPLES * len(callers), tried
    assert tried[200] > len(callers) * 30, f"hardly anything was reached: {tried}"
    assert {200, 400, 401, 403, 404} <= set(tried), f"hardly anything was reached: {tried}"


def _try_everything(callers: dict[str, dict[str, Any]]) -> tuple[Counter[int], list[str]]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    numbers = list(Case.objects.order_by("pk").values_list("number", flat=True))
    tried, faults, turns = Counter[int](), list[str](), itertools.count()
    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.method.lower(), operation.path) in LEFT_OUT:
            continue
        for n, mode in enumerate((GenerationMode.POSITIVE, GenerationMode.NEGATIVE)):
            known = {"number": numbers[n]} if "{number}" in operation.path else None
            strategy = operation.as_strategy(generation_mode=mode, path_parameters=known)
            faults += _try(operation, strategy, callers, tried, turns)
    return tried, faults


def _try(
    operation: Any,
    strategy: Any,
    callers: dict[str, dict[str, Any]],
    tried: Counter[int],
    turns: Iterator[int],
) -> list[str]:
    """Requests of this operation; what went wrong."""
    declared = {int(s) for s in operation.definition.raw["responses"] if s.isdigit()}
    faults: list[str] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def call(case: Any) -> None:
        # Drawn from the file, too, and always wrong: nobody would get past the door.
        for name in [n for n in case.headers or {} if n.lower() == "authorization"]:
            del case.headers[name]
        for who in (*ALWAYS_ASK, IN_TURN[next(turns) % len(IN_TURN)]):
            try:
                answer = case.call(**callers[who])
            except Exception as error:  # in the middle of an answer under way
                faults.append(f"{who}: {case.as_curl_command()} {error!r}")
                continue
            tried[answer.status_code] += 1
            if answer.status_code >= 500 or answer.status_code not in declared | ALWAYS:
                told = answer.text[:200]
                faults.append(f"{who}: {answer.status_code} {case.as_curl_command()} {told}")

    # Nothing can be wrong about an operation that takes nothing.
    with contextlib.suppress(Unsatisfiable):
        call()
    return faults[:2]
