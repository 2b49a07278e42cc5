"""Dates and times as offices write them, to aware UTC. Nothing is guessed that could be wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from cityloop.engines.tables.xlsx_rows import serial_datetime
from cityloop.kernel.errors import DomainError

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

_HALF = "(?P<half>AM|PM|A\\.M\\.|P\\.M\\.|上午|下午|凌晨|早上|中午|晚上)"
_TIME = (
    rf"(?:{_HALF.replace('half', 'before')}\s*)?"
    r"(?P<hour>\d{1,2})\s*(?:[:时時点]\s*(?:(?P<minute>\d{1,2})\s*"
    r"(?:[:分]\s*(?:(?P<second>\d{1,2})(?:[.,](?P<part>\d{1,9}))?\s*秒?)?)?)?)?"
    rf"(?:\s*{_HALF})?"
    r"(?:\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2}))?"
)
_AFTER = rf"(?:(?:\s*[T,]\s*|\s+|(?<=日)){_TIME})?"
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?:(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    rf"|\s*年\s*(?P<month_>\d{{1,2}})\s*月\s*(?P<day_>\d{{1,2}})\s*[日号]?){_AFTER}",
    re.IGNORECASE,
)
_YEAR_LAST = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<year>\d{{4}}){_AFTER}",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"[3-7]\d{4}(?:\.\d+)?")
_MORNING = ("AM", "A.M.", "上午", "凌晨", "早上")


@dataclass(frozen=True)
class _Parts:
    """What was read, before it is known to exist."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: int = 0
    microsecond: int = 0
    zone: str = ""


def parse_datetime(
    text: str | datetime,
    *,
    timezone: str | tzinfo,
    formats: Sequence[str] | None = None,
    dayfirst: bool | None = None,
    now: datetime | None = None,
    where: str = "time",
) -> datetime:
    """The moment a text names, in UTC.

    Read: 2019-02-28T11:25:05.000, the same with offset or Z, 2019/2/28 11:25:05,
    2019年2月28日 11时25分, 上午/下午, 20190228112505, 04/12/2018 11:11:26 AM (order declared, or
    told by a number above 12), serials of spreadsheets (43524.476). A date alone is its midnight;
    24:00 is the midnight after.

    A local time that daylight saving skips is read with the offset before the change (02:30
    becomes 03:30); one that comes twice is its first. A text with an offset has neither question.

    Args:
        text: or a datetime of a spreadsheet: naive is local time.
        timezone: zone of texts without offset, for example "Asia/Shanghai".
        formats: strptime formats, or "unix", "unix_ms", "excel"; when given, nothing else is read.
        dayfirst: order of 04/12/2018: True = 4 December, False = 12 April, None = refuse.
        now: aware; moments more than a day after it are refused.
        where: field named in the refusal.
    Raises: DomainError date.impossible, date.ambiguous, date.unknown_format, date.out_of_range,
        date.unknown_timezone.
    """
    zone = _zone(timezone, where)
    if isinstance(text, datetime):
        moment = _in_utc(text, zone, str(text), where)
    else:
        raw = unicodedata.normalize("NFKC", str(text)[:200]).strip()
        found = _by_formats(raw, formats, where) if formats else _by_shape(raw, dayfirst, where)
        moment = _in_utc(found, zone, raw, where)
    _check_range(moment, now, str(text)[:40], where)
    return moment


def _zone(name: str | tzinfo, where: str) -> tzinfo:
    if not isinstance(name, str):
        return name
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise _error(
            "unknown_timezone", name, where,
            "is no time zone; write one like Asia/Shanghai", "不是有效时区，例如 Asia/Shanghai",
        ) from None  # fmt: skip


def _by_shape(raw: str, dayfirst: bool | None, where: str) -> datetime:
    if found := _YEAR_FIRST.fullmatch(raw):
        month, day = found["month"] or found["month_"], found["day"] or found["day_"]
        return _built(_parts(found, int(month), int(day)), found, raw, where)
    if found := _YEAR_LAST.fullmatch(raw):
        month_, day_ = _order(int(found["a"]), int(found["b"]), dayfirst, raw, where)
        return _built(_parts(found, month_, day_), found, raw, where)
    if found := _COMPACT.fullmatch(raw):
        return _built(_parts(found, int(found["month"]), int(found["day"])), None, raw, where)
    if _SERIAL.fullmatch(raw):
        moment = serial_datetime(float(raw))
        if moment is not None:
            return moment
    raise _unknown(raw, where)


def _order(a: int, b: int, dayfirst: bool | None, raw: str, where: str) -> tuple[int, int]:
    """(month, day) of a pair. What is declared holds, also where it makes the date impossible."""
    if dayfirst is None and a <= 12 and b <= 12 and a != b:
        raise _error(
            "ambiguous", raw, where,
            "may be day/month or month/day; declare which (dayfirst), or write 2018-04-12",
            "无法判断是日/月还是月/日；请声明顺序（dayfirst），或写成 2018-04-12",
        )  # fmt: skip
    day_comes_first = a > 12 if dayfirst is None else dayfirst
    return (b, a) if day_comes_first else (a, b)


def _parts(found: re.Match[str], month: int, day: int) -> _Parts:
    groups = found.groupdict()
    return _Parts(
        year=int(found["year"]),
        month=month,
        day=day,
        hour=int(groups.get("hour") or 0),
        minute=int(groups.get("minute") or 0),
        second=int(groups.get("second") or 0),
        microsecond=int(((groups.get("part") or "") + "000000")[:6]),
        zone=(groups.get("zone") or "").upper(),
    )


def _built(parts: _Parts, found: re.Match[str] | None, raw: str, where: str) -> datetime:
    half = (found["before"] or found["half"] or "").upper() if found else ""
    hour = _hour(parts.hour, half, raw, where)
    midnight_after = hour == 24 and parts.minute == parts.second == parts.microsecond == 0
    try:
        moment = datetime(  # noqa: DTZ001 - the zone is attached later
            parts.year, parts.month, parts.day, 0 if midnight_after else hour,
            parts.minute, parts.second, parts.microsecond,
        )  # fmt: skip
        if midnight_after:
            moment += timedelta(days=1)
        return moment.replace(tzinfo=_offset(parts.zone)) if parts.zone else moment
    except (ValueError, OverflowError):
        raise _impossible(raw, where) from None


def _hour(hour: int, half: str, raw: str, where: str) -> int:
    """Hour of the day; 下午3时 is 15, 12 AM is 0. 14:00 PM is taken, 14:00 AM is refused."""
    if not half:
        return hour
    if half in _MORNING:
        if hour > 12:
            raise _impossible(raw, where)
        return hour % 12
    if half in ("中午", "晚上") and hour == 12:
        return 12 if half == "中午" else 24
    if half == "中午" and hour == 11:
        return 11
    return hour + 12 if hour < 12 else hour


def _offset(text: str) -> tzinfo:
    if text in ("Z", "UTC"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError(text)
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)


def _by_formats(raw: str, formats: Sequence[str], where: str) -> datetime:
    for form in formats:
        moment = _by_format(raw, form)
        if moment is not None:
            return moment
    raise _error(
        "unknown_format", raw, where,
        f"fits none of the declared formats: {', '.join(formats)}",
        f"不符合声明的格式：{'、'.join(formats)}",
    )  # fmt: skip


def _by_format(raw: str, form: str) -> datetime | None:
    try:
        if form == "excel":
            return serial_datetime(float(raw))
        if form in ("unix", "unix_ms"):
            seconds = float(raw) / (1000 if form == "unix_ms" else 1)
            return datetime.fromtimestamp(seconds, UTC)
        return datetime.strptime(raw, form)  # noqa: DTZ007 - the zone is attached later
    except (ValueError, OverflowError, OSError, re.error):
        return None


def _in_utc(moment: datetime, zone: tzinfo, raw: str, where: str) -> datetime:
    try:
        # fold=0 is the rule of the docstring: first of two, offset before a gap.
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone, fold=0)
        return local.astimezone(UTC)
    except (OverflowError, ValueError):
        raise _impossible(raw, where) from None


def _check_range(moment: datetime, now: datetime | None, raw: str, where: str) -> None:
    latest = now + timedelta(days=1) if now is not None else None
    if moment < EARLIEST or (latest is not None and moment > latest):
        until = f" .. {latest:%Y-%m-%d %H:%M} UTC" if latest else ""
        raise _error(
            "out_of_range", raw, where,
            f"is outside of what is taken: 1990-01-01{until}", f"超出允许范围：1990-01-01{until}",
        )  # fmt: skip


def _impossible(raw: str, where: str) -> DomainError:
    return _error(
        "impossible", raw, where,
        "is a day or time that does not exist; correct it", "不是真实存在的日期或时间，请更正",
    )  # fmt: skip


def _unknown(raw: str, where: str) -> DomainError:
    return _error(
        "unknown_format", raw, where,
        "is not a date and time; write it like 2019-02-28 11:25:05",
        "不是可识别的日期时间，请写成 2019-02-28 11:25:05",
    )  # fmt: skip


def _error(code: str, value: str, where: str, en: str, zh: str) -> DomainError:
    shown = value[:60]
    return DomainError(
        f"date.{code}", f"{where}: {shown!r} {en}.", f"{where}：“{shown}”{zh}。",
        where=where, details={"value": shown},
    )  # fmt: skip
