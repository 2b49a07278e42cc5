"""`cityloop web`: the web server alone; run `cityloop worker` beside it."""

from __future__ import annotations

from cityloop.hub.live.management.commands.serve import Command as Serve


class Command(Serve):
    help = "网页、接口和实时事件（另需运行 cityloop worker）/ Pages, API, live events, no worker."
    with_worker = False
