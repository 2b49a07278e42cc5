"""Bodies of requests: JSON as the standard has it, and nothing that only some programs read.

Python's own reader takes NaN, numbers beyond every range, keys given twice (the last one wins),
and nests until it breaks. Each of these is refused here, once, before any field is looked at.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from cityloop.kernel.errors import DomainError

DEEPEST = 32
LARGEST = 2**63 - 1


class StrictJson(Parser):
    """The parser of the whole API."""

    def parse_body(self, request: HttpRequest) -> Any:
        charset = (request.content_params or {}).get("charset", "")
        value = parse(request.body, charset=charset)
        if isinstance(value, dict):
            return value
        raise DomainError(
            "request.json",
            "The body is one JSON object, {...}; this is another value.",
            "请求体应为一个 JSON 对象 {...}。",
        )


def parse(body: bytes, *, charset: str = "") -> Any:
    """The value of a JSON text.

    Raises: DomainError("request.encoding", "request.json", "request.number", "request.deep",
        "request.twice", "request.characters").
    """
    text = _decoded(body, charset)
    try:
        value = json.loads(
            text,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_within,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise DomainError(
            "request.json",
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            f"请求体不是有效的 JSON：第 {error.lineno} 行第 {error.colno} 列。",
        ) from error
    except RecursionError as error:
        raise _deep() from error
    _check(value, "", 1)
    return value


def _decoded(body: bytes, charset: str) -> str:
    try:
        if charset.lower() not in {"", "utf-8", "utf8"}:
            raise ValueError(charset)
        return body.decode("utf-8-sig")
    except ValueError as error:
        raise DomainError(
            "request.encoding",
            f"JSON is sent as UTF-8; this body is {charset or 'not'!s}. Convert it. (Files in "
            "GB18030 are read by the import.)",
            "JSON 须为 UTF-8 编码，请转换后重试（GB18030 文件请用导入功能）。",
        ) from error


def _no_number(text: str) -> NoReturn:
    raise DomainError(
        "request.number",
        f"{text[:40]} is no number of JSON that can be kept; integers go up to {LARGEST}, "
        "decimals up to 1.8e308.",
        f"{text[:40]} 不是可用的数值，整数不超过 {LARGEST}，小数不超过 1.8e308。",
    )


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _within(text: str) -> int:
    if len(text) > 20 or abs(int(text)) > LARGEST:
        _no_number(text)
    return int(text)


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise DomainError(
                "request.twice",
                f"The key {key[:40]!a} stands twice in one object; which one counts? Send it once.",
                f"同一对象中键“{_plain(key)}”出现两次，请只保留一个。",
                where=_plain(key),
            )
        found[key] = value
    return found


def _check(value: Any, where: str, depth: int) -> None:
    """Depth, and characters that no text of ours may hold."""
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, dict | list):
        if depth > DEEPEST:
            raise _deep()
        rows = value.items() if isinstance(value, dict) else enumerate(value)
        for key, below in rows:
            if isinstance(key, str):
                _check_text(key, where)
            if isinstance(below, str | dict | list):
                _check(below, f"{where}.{key}" if where else str(key), depth + 1)


def _check_text(text: str, where: str) -> None:
    bad = next((c for c in ("\x00",) if c in text), "")
    if not bad and not text.isascii():
        bad = next((c for c in text if "\ud800" <= c <= "\udfff"), "")
    if bad:
        raise DomainError(
            "request.characters",
            f"{_plain(where) or 'The body'} holds U+{ord(bad):04X}, which is no character of a "
            "text. Remove it.",
            f"{_plain(where) or '请求体'} 含有 U+{ord(bad):04X}，不是有效字符，请删除。",
            where=_plain(where) or None,
        )


def _plain(text: str) -> str:
    """What may be said back: short, and without what was wrong with it."""
    return "".join(c for c in text[:80] if c.isprintable())


def _deep() -> DomainError:
    return DomainError(
        "request.deep",
        f"The body nests deeper than {DEEPEST} levels. Nothing here needs that.",
        f"请求体嵌套超过 {DEEPEST} 层，请检查。",
    )
