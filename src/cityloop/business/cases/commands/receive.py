"""The way of a report: known? → place → class → case → route → task. In batches of any size.

One report and a million go the same way; a batch is one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError

from cityloop.business.cases.commands import opening
from cityloop.business.cases.commands.checking import (
    checked,
    content_hash,
    contradiction,
    known_reports,
)
from cityloop.business.cases.commands.placing import PlaceInput, place_many
from cityloop.business.cases.domain.values import NewReport, Receipt
from cityloop.business.cases.models import Report
from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write
from cityloop.kernel.errors import DomainError, NotAllowed

Answer = Receipt | DomainError
Sent = tuple[NewReport, Viewer]  # a report, and who sent it


def receive(report: NewReport, *, actor: Viewer, now: datetime) -> Receipt:
    """Take in one report. Raises: DomainError when it is refused."""
    answer = receive_many([report], actor=actor, now=now)[0]
    if isinstance(answer, DomainError):
        raise answer
    return answer


def receive_many(reports: Sequence[NewReport], *, actor: Viewer, now: datetime) -> list[Answer]:
    """Take in a batch, all that is good of it in one transaction.

    Args:
        reports: any number; a repeat of (channel, external_id) is answered, not doubled.
        now: aware; the moment of receipt, from which clocks run.
    Returns: for each report its receipt, or the error why it was refused; same order.
    Raises: NotAllowed("report.scope") when a token may not write reports.
    """
    check_may_report(actor)
    return receive_from_many([(report, actor) for report in reports], now=now)


def check_may_report(actor: Viewer) -> None:
    """Raises: NotAllowed("report.scope")."""
    if not actor.may_use("reports:write"):
        raise NotAllowed(
            "report.scope",
            "This token lacks the scope reports:write.",
            "该令牌没有上报权限（reports:write）。",
        )


def receive_from_many(sent: Sequence[Sent], *, now: datetime) -> list[Answer]:
    """The same for a batch that several people sent, each of whom may report."""
    for attempt in (1, 2, 3):
        try:
            return _receive(sent, now)
        except IntegrityError:
            # Somebody else committed the same report between our look and our write; look again.
            if attempt == 3:
                raise
    raise AssertionError("unreachable")


def _receive(sent: Sequence[Sent], now: datetime) -> list[Answer]:
    answers: list[Answer | None] = [None] * len(sent)
    fine: list[tuple[int, NewReport]] = []
    for i, (report, _) in enumerate(sent):
        try:
            fine.append((i, checked(report, now)))
        except DomainError as error:
            answers[i] = error
    # What needs no lock happens before the transaction: places and classes.
    placed = place_many([_place_input(r) for _, r in fine])
    ready: list[opening.Intake] = []
    for (i, report), place in zip(fine, placed, strict=True):
        if isinstance(place, DomainError):
            answers[i] = place
        else:
            ready.append(opening.Intake(i, report, sent[i][1], place, content_hash(report)))
    opening.classify_all(ready, answers)
    ready = [r for r in ready if answers[r.index] is None]
    with write():
        fresh = _without_known(ready, answers)
        for intake, receipt in opening.open_cases(fresh, now=now):
            answers[intake.index] = receipt
    _answer_repeats(ready, answers)
    return [a for a in answers if a is not None]


def _place_input(report: NewReport) -> PlaceInput:
    words = f"{report.title} {report.text[:600]}"
    return PlaceInput(report.lon, report.lat, report.crs, report.area_code, report.address, words)


def _without_known(
    ready: list[opening.Intake], answers: list[Answer | None]
) -> list[opening.Intake]:
    """Leave out what came before, and what stands twice in this batch."""
    known = known_reports([r.report for r in ready])
    fresh: dict[tuple[str, str], opening.Intake] = {}
    for intake in ready:
        key = (intake.report.channel, intake.report.external_id)
        if key in known:
            answers[intake.index] = _again(known[key], intake)
        elif key not in fresh:
            fresh[key] = intake
        elif fresh[key].content != intake.content:
            answers[intake.index] = contradiction(intake.report)
    return list(fresh.values())


def _again(row: Report, intake: opening.Intake) -> Answer:
    if row.content_hash != intake.content:
        return contradiction(intake.report)
    case = row.case
    return Receipt(
        report_id=row.pk,
        case_id=case.pk,
        number=case.number,
        created=False,
        state=case.state,
        located_by=case.located_by,
        lead_department_id=case.lead_department_id,
    )


def _answer_repeats(ready: list[opening.Intake], answers: list[Answer | None]) -> None:
    """The second of two equal rows in a batch gets the receipt of the first, marked repeated."""
    from dataclasses import replace

    first: dict[tuple[str, str], Receipt] = {}
    for intake in ready:
        key = (intake.report.channel, intake.report.external_id)
        answer = answers[intake.index]
        if isinstance(answer, Receipt):
            first.setdefault(key, answer)
        elif answer is None:
            answers[intake.index] = replace(first[key], created=False, follow_key=None)
