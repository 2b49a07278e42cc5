"""What became of a model's classes: judged when the case ends or a person changes the class."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityloop.business.cases.model_outcomes import model_outcomes
from cityloop.business.cases.models import Case
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
    found = {(m, s): t for m, _, s, t in model_outcomes(now=later)}
    seen, watched = found["class-7", False], found["class-8", True]
    assert (seen.answered, seen.accepted, seen.judged, seen.right) == (3, 2, 2, 1)
    assert seen.classes == {"E0111": 2, "E0112": 1}
    assert (watched.answered, watched.judged, watched.right) == (1, 1, 0)
    assert model_outcomes(now=later + timedelta(days=90)) == []
