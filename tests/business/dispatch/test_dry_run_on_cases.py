"""A dry run reads the cases that were really dispatched."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.business.dispatch.test_routing import a_rule

from cityloop.business.cases.commands import receive
from cityloop.business.cases.domain.values import NewReport
from cityloop.business.cases.models import Case
from cityloop.business.catalogue.models import Version
from cityloop.business.dispatch.commands import try_rule
from cityloop.city.accounts.domain import SYSTEM


def test_dispatched_cases_are_tried_with_their_own_words_and_places(
    small: Version, offices: dict[str, int], now: datetime
) -> None:
    for number, text in enumerate(["小学门口太吵", "工地太吵"]):
        report = NewReport(
            channel="hotline", external_id=str(number), text=text, class_key="E0301",
            area_code="990101001",
        )  # fmt: skip
        receive(report, actor=SYSTEM, now=now)
    assert set(Case.objects.values_list("lead_department", flat=True)) == {offices["ecology"]}
    rule = a_rule(when={"field": "words", "op": "contains_any", "value": ["小学"]})
    trial = try_rule(rule, since=now, until=now + timedelta(hours=1), actor=SYSTEM)
    assert (trial.examined, trial.held, trial.otherwise) == (2, 1, 1)
    assert trial.moves == {(offices["ecology"], offices["police"]): 1}
    assert Case.objects.filter(lead_department=offices["police"]).count() == 0
