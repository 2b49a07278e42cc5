"""Sending in what the people of the district have to say."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from cityloop.business.cases.commands import receive_many
from cityloop.business.cases.domain.values import NewReport, NewReporter, Receipt
from cityloop.city.accounts.domain import SYSTEM, Role, Viewer
from cityloop.hub.demo.commands.cast import Cast
from cityloop.hub.demo.domain.dice import Dice
from cityloop.hub.demo.domain.stories import Story
from cityloop.hub.demo.queries import Observer, Origin

log = logging.getLogger(__name__)
SENDERS = {
    "citizen": Role.CITIZEN,
    "hotline": Role.HOTLINE_OPERATOR,
    "grid": Role.GRID_WORKER,
    "inspection": Role.SUPERVISOR_SUBDISTRICT,
}


def report_of(story: Story, cast: Cast) -> tuple[Viewer, NewReport]:
    """Who sends it, and the report; it says of itself that it is synthetic."""
    role = SENDERS.get(story.channel)
    sender = cast.anyone(role, story.key) if role else SYSTEM
    extra = {
        "synthetic": True,
        "truth": story.truth,
        "spot": [story.spot.lon, story.spot.lat],
        **({"repeats": story.repeats} if story.repeats else {}),
    }
    placed = not story.by_words
    return sender, NewReport(
        channel=story.channel,
        external_id=story.key,
        title=story.title,
        text=story.text,
        lon=story.spot.lon if placed else None,
        lat=story.spot.lat if placed else None,
        address=story.spot.name,
        class_key=story.said,
        reporter=_reporter(story, sender, cast),
        extra=extra,
    )


def _reporter(story: Story, sender: Viewer, cast: Cast) -> NewReporter | None:
    dice = Dice(cast.seed, story.key)
    if story.channel == "citizen":
        return NewReporter(name=sender.name, phone=_phone(dice), user_id=sender.user_id)
    if story.channel == "hotline":
        return NewReporter(name="来电人", phone=_phone(dice))
    return None


def _phone(dice: Dice) -> str:
    """A number of a range that is not given out."""
    return f"1990000{round(dice.between('phone', 0, 9999)):04d}"


def send(
    stories: Sequence[Story], cast: Cast, *, now: datetime, observer: Observer | None = None
) -> list[int]:
    """Send these reports; returns the cases they opened. A refusal is logged."""
    opened: list[int] = []
    by_sender: dict[int | None, tuple[Viewer, list[NewReport]]] = {}
    for story in stories:
        sender, report = report_of(story, cast)
        by_sender.setdefault(sender.user_id, (sender, []))[1].append(report)
    for sender, reports in by_sender.values():
        answers = receive_many(reports, actor=sender, now=now)
        for report, answer in zip(reports, answers, strict=True):
            if not isinstance(answer, Receipt):
                log.warning("A synthetic report was refused: %s", answer.en)
            elif answer.created:
                opened.append(answer.case_id)
                if observer is not None:
                    user_id = report.reporter.user_id if report.reporter else None
                    origin = Origin(report.external_id, report.extra, user_id)
                    observer.remember(answer.case_id, origin)
    return opened
