"""Some days of the small city, with work in every state."""

from __future__ import annotations

from datetime import timedelta

from cityloop.business.cases import commands
from cityloop.business.cases.commands import ring_due
from cityloop.business.cases.models import Case
from cityloop.city.accounts.domain import PUBLIC
from tests.business.cases.stories import Walk, received, report, unclassed
from tests.world import World


def live_through(world: World) -> None:
    """Cases of today, yesterday, last week and last month; closed, late, waiting, misrouted."""
    for back, cells in ((0, (0, 1, 2, 3)), (1, (0, 0, 3)), (7, (1,)), (40, (2, 3))):
        moment = world.now - timedelta(days=back, minutes=30)
        for n in cells:
            commands.receive(report(n), actor=PUBLIC, now=moment)
    # Yesterday in the evening: after the same time of yesterday.
    commands.receive(report(1), actor=PUBLIC, now=world.now - timedelta(hours=14))
    ring_due(now=world.now)
    unclassed(world, 2)
    for solved in (True, False):
        given = received(world, class_key="", title="嗯", text="嗯嗯")
        walk = Walk(world, Case.objects.get(pk=given.case_id)).to_closed()
        said = {"solved": solved, "satisfied": solved, "follow_key": given.follow_key}
        walk.step("public", "rate", **said)
