"""Machine code is made beside the server, once, and waited for only by who divides."""

from __future__ import annotations

from typing import Any

import pytest

from cityloop.city.division import readiness


class _Process:
    def __init__(self, *_: Any, **__: Any) -> None:
        self.waited = False
        started.append(self)

    def wait(self, timeout: float) -> None:
        self.waited = True


started: list[_Process] = []


def test_made_once_when_it_is_not_there_and_not_at_all_when_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started.clear()
    monkeypatch.setattr(readiness, "_making", [])
    monkeypatch.setattr(readiness.subprocess, "Popen", _Process)
    monkeypatch.setattr(readiness, "is_warm", lambda: True)
    readiness.make_ready()
    readiness.wait_until_ready()
    assert started == []
    monkeypatch.setattr(readiness, "is_warm", lambda: False)
    readiness.make_ready()
    readiness.make_ready()
    assert [one.waited for one in started] == [False]
    readiness.wait_until_ready()
    assert started[0].waited
