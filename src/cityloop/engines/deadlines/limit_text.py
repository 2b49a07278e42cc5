"""Limits as people write them, in Chinese and English, and back.

A bare 小时 / 天 / "hour" / "day" is office time, as in the filing standards of Chinese cities;
紧急 (urgent), 自然 (calendar) and "clock" mean round the clock. A caller whose texts mean it the
other way round says so with `bare`.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from cityloop.engines.deadlines.limit import Kind, Limit, Unit
from cityloop.kernel.errors import DomainError

LONGEST_TEXT: Final = 500
_DIGITS: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}

_CHINESE: Final = re.compile(
    r"\s*(?P<number>[0-9]+(?:\.[0-9]+)?|[零〇一二两俩三四五六七八九十百千]+|(?=半))\s*"
    r"(?P<before>个?半)?\s*个?\s*"
    r"(?P<kind>紧急工作|紧急|自然|日历|工作)?\s*"
    r"(?P<unit>分钟|分|小时|钟头|时|日|天)"
    r"(?P<after>半)?\s*(?:以内|之内|内)?"
)
_ENGLISH: Final = re.compile(
    r"\s*(?P<number>[0-9]+(?:\.[0-9]+)?)[\s_-]*"
    r"(?P<kind>clock|elapsed|calendar|emergency|working|work|office|business)?[\s_-]*"
    r"(?P<unit>minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])",
    re.IGNORECASE,
)
_ENGLISH_CLOCK: Final = {"clock", "elapsed", "calendar", "emergency"}
_SPAN: Final = {"分": "minute", "时": "hour", "小": "hour", "钟": "hour", "日": "day", "天": "day"}
_SPAN_EN: Final = {"m": "minute", "h": "hour", "d": "day"}
_SHOWN_ZH: Final = {
    Unit.CLOCK_MINUTE: "紧急分钟",
    Unit.CLOCK_HOUR: "紧急工作时",
    Unit.CLOCK_DAY: "紧急工作日",
    Unit.WORK_MINUTE: "工作分钟",
    Unit.WORK_HOUR: "工作时",
    Unit.WORK_DAY: "工作日",
}


def parse_limit(text: str, *, bare: Kind = Kind.WORK) -> Limit:
    """The limit that the whole text states.

    Args:
        text: e.g. "2紧急工作时", "两个半小时", "半天", "15 分钟", "4 work hours", "2h".
        bare: what a unit without 紧急/工作/clock/work counts.
    Raises: DomainError("deadlines.limit_text") when it is no limit, or says more than a limit.
    Example:
    >>> parse_limit("2紧急工作时")
    Limit(value=2.0, unit=<Unit.CLOCK_HOUR: 'clock_hour'>)
    """
    limit, rest = parse_limit_lenient(text, bare=bare)
    if rest:
        raise _refused(text, f"{rest!r} is left over", f"多出 {rest!r}")
    return limit


def parse_limit_lenient(text: str, *, bare: Kind = Kind.WORK) -> tuple[Limit, str]:
    """The limit at the start of the text, and what follows it as a remark.

    Raises: DomainError("deadlines.limit_text") when the text does not start with a limit.
    Example:
    >>> parse_limit_lenient("1紧急工作时制止")[1]
    '制止'
    """
    if len(text) > LONGEST_TEXT:
        raise _refused(text[:40] + "…", f"longer than {LONGEST_TEXT}", f"超过 {LONGEST_TEXT} 字")
    plain = unicodedata.normalize("NFKC", text)
    if found := _CHINESE.match(plain):
        limit = _from_chinese(found, bare)
    elif found := _ENGLISH.match(plain):
        limit = _from_english(found, bare)
    else:
        raise _refused(text, "no number with a unit at its start", "开头没有“数字＋单位”")
    return limit, plain[found.end() :].strip()


def format_limit(limit: Limit, language: str = "zh") -> str:
    """The limit in words; `parse_limit` reads it back to an equal limit.

    Example:
    >>> format_limit(Limit(2, Unit.CLOCK_HOUR), "en")
    '2 clock hours'
    """
    number = format(Decimal(repr(limit.value)), "f")
    number = number.rstrip("0").rstrip(".") if "." in number else number
    if language.startswith("zh"):
        return f"{number}{_SHOWN_ZH[limit.unit]}"
    words = limit.unit.value.replace("_", " ")
    return f"{number} {words}{'' if limit.value == 1 else 's'}"


def _from_chinese(found: re.Match[str], bare: Kind) -> Limit:
    number = _chinese_number(found["number"])
    number += 0.5 * bool(found["before"]) + 0.5 * bool(found["after"])
    named = {None: bare, "工作": Kind.WORK}.get(found["kind"], Kind.CLOCK)
    return Limit(number, Unit(f"{named.value}_{_SPAN[found['unit'][0]]}"))


def _from_english(found: re.Match[str], bare: Kind) -> Limit:
    word = (found["kind"] or "").lower()
    named = Kind.CLOCK if word in _ENGLISH_CLOCK else Kind.WORK if word else bare
    return Limit(
        float(found["number"]), Unit(f"{named.value}_{_SPAN_EN[found['unit'][0].lower()]}")
    )


def _chinese_number(text: str) -> float:
    if not text:  # 半天: the half is counted by the caller
        return 0.0
    if text[0] not in _DIGITS and text[0] not in _TENS:
        return float(text)
    total, digit = 0, 0
    for character in text:
        if character in _TENS:
            total, digit = total + (digit or 1) * _TENS[character], 0
        else:
            digit = digit * 10 + _DIGITS[character]
    return float(total + digit)


def _refused(text: str, why_en: str, why_zh: str) -> DomainError:
    return DomainError(
        "deadlines.limit_text",
        f"{text!r} is not a time limit: {why_en}. Write a number and a unit, "
        'such as "4 work hours", "2 clock hours" or "3 work days".',
        f"{text!r} 不是有效时限：{why_zh}。请写数字和单位，如“4工作时”“2紧急工作时”“3工作日”。",
        where="limit",
        details={"value": text},
    )
