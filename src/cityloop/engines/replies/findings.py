"""What may be said about a reply, in the words of who has to mend it."""

from __future__ import annotations

from dataclasses import dataclass

CODES: dict[str, tuple[str, str]] = {
    "too_short": (
        "内容过短，难以说明情况。",
        "Too short to say what was found and done.",
    ),
    "too_long": (
        "内容过长，市民难以读完，请精简。",
        "Too long to be read to the end; shorten it.",
    ),
    "no_greeting": (
        "开头没有称呼或问候，例如“您好”。",
        "It opens without a greeting or addressing anybody, such as “Hello”.",
    ),
    "no_finding": (
        "没有写明查明了什么，或依据什么规定。",
        "It does not say what was found, or which rule applies.",
    ),
    "no_action": (
        "没有写明已做或将做的具体事情。",
        "It does not say what was done or will be done.",
    ),
    "no_time": (
        "没有写明何时办理或何时办结。",
        "It does not say when it was or will be done.",
    ),
    "vague_time": (
        "“{words}”不是期限，请写明日期或工作日数。",
        "“{words}” is no time limit; give a date or a number of days.",
    ),
    "no_contact": (
        "没有写明有疑问向谁询问（部门和电话）。",
        "It does not say whom to ask further (department and phone).",
    ),
    "matter_unanswered": (
        "似乎没有答复这一项：“{words}”。",
        "This matter seems to be left without an answer: “{words}”.",
    ),
    "mere_formula": (
        "只有套话“{words}”，没有实际内容。",
        "Nothing but a formula: “{words}”.",
    ),
    "blames": (
        "“{words}”有责怪市民之意，请换一种说法。",
        "“{words}” blames the citizen; say it another way.",
    ),
    "personal_data": (
        "含有个人信息（{words}），请删除或隐去。",
        "It holds personal data ({words}); take it out.",
    ),
    "gap": (
        "还有空白处需要填写。",
        "There are gaps to be filled in.",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend.

    Args:
        code: of CODES.
        start, end: characters of the reply it is about; both None for what is not there.
    """

    code: str
    zh: str
    en: str
    start: int | None = None
    end: int | None = None


def finding(
    code: str, span: tuple[int, int] | None = None, *, zh: str = "", en: str = ""
) -> Finding:
    """A finding with the words it is about put into its sentences (`en` defaults to `zh`)."""
    in_zh, in_en = CODES[code]
    start, end = span or (None, None)
    return Finding(code, in_zh.format(words=zh), in_en.format(words=en or zh), start, end)
