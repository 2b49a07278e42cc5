"""What became of a model's classes: judged when the case ends or a person changes the class."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cityloop.ai.registry.models import DayRecord
from cityloop.business.cases.model_outcomes import model_answers
from cityloop.business.cases.models import Case
from cityloop.city.audit.followers import advance_all
from cityloop.city.jobs.registry import load
from cityloop.city.jobs.run import sequence_all
from tests.business.cases.stories import Walk, received, unclassed
from tests.world import World


def _said(case: Case, key: str, *, accepted: bool = True, shadow: str = "") -> None:
    case.triage = {"by": "model", "class": key, "accepted": accepted, "model": "class-7"}
    if shadow:
        case.triage["shadow"] = {"class": shadow, "accepted": True, "model": "class-8"}
    case.save(update_fields=["triage"])


@pytest.mark.django_db
def test_answers_are_counted_as_cases_end(world: World) -> None:
    cases = [unclassed(world)]
    cases += [Case.objects.get(pk=received(world, n).case_id) for n in (1, 2)]
    _said(cases[0], "E0111", shadow="E0112")
    _said(cases[1], "E0112")  # a person has changed it to E0111 since
    _said(cases[2], "E0111", accepted=False)
    Walk(world, cases[0]).to_closed()
    later = cases[0].received_at + timedelta(days=2)
    follow(later)
    found = {row.model: row for row in DayRecord.objects.all()}
    seen, watched = found["class-7"], found["class-8"]
    assert (seen.answered, seen.accepted, seen.judged, seen.right) == (3, 2, 2, 1)
    assert seen.classes == {"E0111": 2, "E0112": 1}
    assert watched.shadow and (watched.answered, watched.judged, watched.right) == (1, 1, 0)
    ids = [case.pk for case in cases]
    assert model_answers(ids, now=later + timedelta(days=90)) == []


@pytest.mark.django_db
def test_judging_reads_what_changed_and_nothing_else(world: World) -> None:
    cases = [Case.objects.get(pk=received(world, n).case_id) for n in (1, 2)]
    cases.append(unclassed(world))
    for case in cases:
        _said(case, "E0111")
    now = cases[0].received_at + timedelta(hours=1)
    follow(now)
    Case.objects.filter(pk=cases[0].pk).update(triage=None)  # would be missed if read again
    Walk(world, cases[2]).to_closed()
    follow(now + timedelta(days=1))
    (row,) = DayRecord.objects.all()
    assert (row.answered, row.judged, row.right) == (3, 1, 1)


def follow(at: datetime) -> None:
    load()
    sequence_all(now=at)
    while advance_all(now=at):
        pass
