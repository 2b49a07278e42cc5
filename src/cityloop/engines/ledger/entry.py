"""What one entry of the ledger says, as bytes that never vary.

The public part is written as it is. The private part (names, phone numbers, free text) enters only
through a commitment keyed with a salt of the row: destroy the salt and the content is beyond
guessing, while every proof stays valid. A plain hash of a phone number would be guessed in minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import re
import secrets
from collections.abc import Mapping
from typing import Any

from cityloop.kernel.errors import DomainError

from .hashing import leaf_hash

SAFE_INTEGER = 2**53  # beyond it, JSON readers with IEEE doubles lose digits
SALT_MIN, SALT_MAX = 16, 64  # bytes; above 64 HMAC would hash the key first
VERSION = 1
_HEX_64 = re.compile(r"[0-9a-f]{64}")


def canonical_bytes(value: Any) -> bytes:
    """JSON in one form only: keys sorted by code point, no spaces, UTF-8, no NaN.

    Integers beyond 2^53 become strings. Texts stay code point by code point: Unicode
    normalisation (NFC) would turn some rare name characters into others.

    Args:
        value: None, bool, int, finite float, str, list, tuple, mapping with str keys, nested.
    Raises: DomainError("ledger.not_canonical") naming the place of the first other value.
    Example:
    >>> canonical_bytes({"b": 2**60, "a": "城"}).decode()
    '{"a":"城","b":"1152921504606846976"}'
    """
    if _is_plain(value):
        try:
            return _ENCODER.encode(value).encode("utf-8")
        except UnicodeEncodeError:  # a lone surrogate: the slow way names its place
            pass
    return _ENCODER.encode(_plain(value, "$")).encode("utf-8")


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
_SIMPLE = frozenset({str, bool, type(None)})


def _is_plain(value: Any) -> bool:
    """Whether the value may be written as it stands: exact types, no large integer, no float."""
    kind = type(value)
    if kind in _SIMPLE:
        return True
    if kind is int:
        return bool(-SAFE_INTEGER <= value <= SAFE_INTEGER)
    if kind is dict:
        return all(type(key) is str and _is_plain(item) for key, item in value.items())
    return bool(kind is list and all(map(_is_plain, value)))


def _plain(value: Any, where: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, int):
        return int(value) if -SAFE_INTEGER <= value <= SAFE_INTEGER else str(int(value))
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
    if isinstance(value, Mapping):
        return {_key(key, where): _plain(item, f"{where}.{key}") for key, item in value.items()}
    raise _not_canonical(where, value)


def _text(value: str, where: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:  # a lone surrogate
        raise _not_canonical(where, value) from error
    return str(value)


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise _not_canonical(f"{where} (key)", key)
    return _text(key, f"{where} (key)")


def _not_canonical(where: str, value: Any) -> DomainError:
    shown = ascii(value)[:60]
    return DomainError(
        "ledger.not_canonical",
        f"{where} is {shown} ({type(value).__name__}). An entry holds texts, whole and finite "
        "numbers, true/false, null, lists, and mappings with text keys; write dates as ISO text.",
        f"{where} 的值为 {shown}（{type(value).__name__}）。留痕条目只能包含文本、整数、"
        "有限小数、布尔、空值、列表及以文本为键的映射；日期请写成 ISO 文本。",
        where=where,
    )


def new_salt() -> bytes:
    """32 random bytes, to be kept (sealed) beside the row and destroyed with its private part."""
    return secrets.token_bytes(32)


def commitment(salt: bytes, private: Mapping[str, Any] | str) -> str:
    """HMAC-SHA256 of the private part under the salt of the row, 64 hex digits.

    Raises: DomainError("ledger.salt_length") below 16 or above 64 bytes,
        "ledger.not_canonical".
    """
    if not SALT_MIN <= len(salt) <= SALT_MAX:
        raise DomainError(
            "ledger.salt_length",
            f"The salt has {len(salt)} bytes; {SALT_MIN} to {SALT_MAX} are allowed: new_salt().",
            f"盐值为 {len(salt)} 字节，应为 {SALT_MIN} 至 {SALT_MAX} 字节，请用 new_salt() 生成。",
            where="salt",
        )
    return hmac.new(salt, canonical_bytes(private), hashlib.sha256).hexdigest()


def commitment_opens(committed: str, salt: bytes, private: Mapping[str, Any] | str) -> bool:
    """Is this the private part that was committed to?"""
    return hmac.compare_digest(committed, commitment(salt, private))


def entry_bytes(public: Mapping[str, Any], committed: str | None = None) -> bytes:
    """The entry that goes into the log.

    Args:
        public: what everybody may see of the action.
        committed: `commitment(...)` of the private part, None where there is none.
    Raises: DomainError("ledger.not_canonical", "ledger.commitment_form").
    Example:
    >>> entry_bytes({"action": "filed"}).decode()
    '{"commitment":null,"public":{"action":"filed"},"v":1}'
    """
    _check_commitment(committed)
    return canonical_bytes({"v": VERSION, "public": public, "commitment": committed})


def entry_around(
    data: bytes, before: Mapping[str, Any], after: Mapping[str, Any], committed: str | None
) -> bytes:
    """`entry_bytes` of a public part whose member "data" is canonical already: the same bytes.

    Args:
        data: `canonical_bytes` of the member.
        before, after: the members of the public part whose names sort before and after "data".
    Example: >>> entry_around(b"{}", {"a": 1}, {"z": 2}, None) == entry_bytes(
        ...     {"a": 1, "data": {}, "z": 2}
        ... )
        True
    """
    _check_commitment(committed)
    shown = f'"{committed}"'.encode() if committed else b"null"
    head, tail = canonical_bytes(before)[1:-1], canonical_bytes(after)[1:-1]
    members = b",".join(part for part in (head, b'"data":' + data, tail) if part)
    return b'{"commitment":' + shown + b',"public":{' + members + b'},"v":%d}' % VERSION


def _check_commitment(committed: str | None) -> None:
    if committed is not None and not _HEX_64.fullmatch(committed):
        raise DomainError(
            "ledger.commitment_form",
            f"The commitment is {committed[:70]!r}; it is 64 lower-case hex digits or None.",
            f"承诺值为 {committed[:70]!r}，应为 64 位小写十六进制或空。",
            where="commitment",
        )


def row_leaf(public: Mapping[str, Any], committed: str | None = None) -> bytes:
    """Leaf hash of a row, 32 bytes."""
    return leaf_hash(entry_bytes(public, committed))
