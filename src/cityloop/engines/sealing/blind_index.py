"""Exact search over sealed values: a keyed hash beside the token, equal for equal values.

It tells who has equal values, and nothing else without the key. Only for values that are looked
up by equality (phone, identity number, e-mail); never for short lists such as sex or district.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from cityloop.kernel.errors import DomainError

PHONE = "phone"
_COUNTRY = re.compile(r"(?:\+|00)86(?=\d{8,})|86(?=1[3-9]\d{9}$)")


def blind_index(key: bytes, value: str, purpose: str) -> str:
    """HMAC-SHA256 of the normalised value, 64 hex digits.

    Args:
        key: the search key of the ring.
        value: the value; for the purpose "phone" only its digits count, without country code 86.
        purpose: the field; equal values of different purposes get different indexes.
    Raises: DomainError("sealing.not_a_phone").
    """
    plain = phone_digits(value) if purpose == PHONE else search_form(value)
    return hmac.new(key, f"{purpose}\0{plain}".encode(), hashlib.sha256).hexdigest()


def search_form(value: str) -> str:
    """The value as it is compared: full-width and letter case do not matter, nor outer blanks."""
    return unicodedata.normalize("NFKC", value).strip().casefold()


def phone_digits(value: str) -> str:
    """Digits of a phone number, without +86.

    Raises: DomainError("sealing.not_a_phone") when there are fewer than 3 or more than 20.
    Example:
    >>> phone_digits("+86 138-0013-8000")
    '13800138000'
    """
    plain = re.sub(r"[^0-9+]", "", unicodedata.normalize("NFKC", value))
    digits = _COUNTRY.sub("", plain, count=1).replace("+", "")
    if not 3 <= len(digits) <= 20:
        raise DomainError(
            "sealing.not_a_phone",
            f"The phone number has {len(digits)} digits; 3 to 20 are allowed.",
            f"电话号码有 {len(digits)} 位数字，应为 3 至 20 位。",
            where="value",
        )
    return digits
