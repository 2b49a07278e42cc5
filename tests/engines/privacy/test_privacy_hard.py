"""Hard messages: whatever stands between a number and its form, nothing of a person gets out."""

from __future__ import annotations

import pytest

from cityloop.city.audit.domain import masked_text
from cityloop.engines.privacy import Mode, mask
from tests.engines.privacy.hard import HARD


@pytest.mark.parametrize(("text", "secrets"), HARD)
def test_text_that_leaves_holds_nothing_of_a_person(text: str, secrets: tuple[str, ...]) -> None:
    for shown in (mask(text, Mode.LEAVING).text, masked_text(text, Mode.LEAVING)):
        assert [secret for secret in secrets if secret in shown] == [], shown


def test_what_the_matter_needs_stays() -> None:
    shown = [mask(text, Mode.LEAVING).text for text, _ in HARD]
    for text, words in zip(
        shown,
        ("麻烦晚上联系", "消防通道", "路灯", "小区东门", "两千块", "Garden Court", "Street light",
         "阜通东大街", "都没人接", "堵住出口", "袋装投放", "求助",
         "停在地铁口", "路灯坏了", "打学生", "Linden Avenue", "music at night"),
        strict=True,
    ):  # fmt: skip
        assert words in text, text
