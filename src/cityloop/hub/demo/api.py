"""The simulator over REST, in the demo alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from cityloop.hub.demo.commands.control import set_simulator

router = Router(tags=["demo 演示"])


class TownOut(Schema):
    """How the demo town lives."""

    size: str
    seed: int
    made_at: datetime
    runs: bool
    speed: float
    told: int
    acted: int


class TownIn(Schema):
    """What to change; what is left out stays."""

    runs: bool | None = None
    speed: float | None = Field(None, description="1 to 3600: how often people act")


@router.get("", response=TownOut, summary="模拟器状态 How the simulator runs")
def read(request: HttpRequest) -> Any:
    return set_simulator(now=timezone.now())


@router.patch("", response=TownOut, summary="启停与调速 Start, stop, speed")
def change(request: HttpRequest, given: TownIn) -> Any:
    return set_simulator(runs=given.runs, speed=given.speed, now=timezone.now())
