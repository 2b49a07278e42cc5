"""A reporter says more about an open matter."""

from __future__ import annotations

from datetime import datetime

from cityloop.business.cases.commands.checking import HIDDEN
from cityloop.business.cases.commands.context import case_data, lock_case
from cityloop.business.cases.models import Case
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict, DomainError

LONGEST = 2000


def add_words(case_id: int, text: str, *, actor: Viewer, now: datetime) -> Case:
    """Put words of the reporter on the trace of a case; reports themselves never change.

    Raises: DomainError("words.empty", "words.long", "words.characters"), Conflict("words.ended").
    """
    text = _checked(text)
    with write():
        case = lock_case(case_id)
        if not case.is_open:
            raise Conflict(
                "words.ended",
                f"Case {case.number} has ended; nobody would read what is added now. Send a new "
                "report.",
                f"案卷 {case.number} 已办结，补充的内容不会有人看到，请重新上报。",
            )
        draft = Draft(
            "case.said", "case", case.pk, case_data(case, case.state), private={"text": text}
        )
        record(draft, actor=actor, now=now)
    return case


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise DomainError(
            "words.empty", "There are no words. Write some.", "没有填写内容。", where="text"
        )
    if len(text) > LONGEST:
        raise DomainError(
            "words.long",
            f"The text has {len(text)} characters; at most {LONGEST}. Shorten it.",
            f"内容共 {len(text)} 字，最多 {LONGEST} 字，请精简。",
            where="text",
        )
    found = HIDDEN.search(text)
    if found:
        raise DomainError(
            "words.characters",
            f"The text holds the control character U+{ord(found.group()):04X}. Remove it.",
            f"内容含控制字符 U+{ord(found.group()):04X}，请删除。",
            where="text",
        )
    return text
