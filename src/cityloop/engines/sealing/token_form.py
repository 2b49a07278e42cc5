"""The text form of a sealed value: "v1.<key id>.<base64url of nonce, ciphertext, tag>".

"s1" instead of "v1" marks SM4. Mark, key id and the context (table, row, field) are authenticated
with the text: a token copied to another row does not open there. The length of the text shows.
"""

from __future__ import annotations

import base64
from typing import Literal

from cityloop.kernel.errors import DomainError

from .cipher import NONCE, TAG

Algorithm = Literal["aes", "sm4"]
MARKS: dict[Algorithm, str] = {"aes": "v1", "sm4": "s1"}


def encoded(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def bound(head: str, context: str) -> bytes:
    """What is authenticated beside the text: algorithm, key, place."""
    if not context:
        raise DomainError(
            "sealing.no_context",
            "The context is empty; give the place of the value as 'table:row id:field'.",
            "缺少上下文，请给出“表:行号:字段”。",
            where="context",
        )
    return (head + context).encode("utf-8")


def utf8(plaintext: str) -> bytes:
    """Raises: DomainError("sealing.not_text") for half a surrogate pair."""
    try:
        return plaintext.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DomainError(
            "sealing.not_text",
            f"The text has half a surrogate pair at character {error.start}; repair it at its "
            "source before it is stored.",
            f"文本第 {error.start} 个字符为不完整的代理项，请在来源处修正后再保存。",
            where="plaintext",
        ) from error


def parts(token: str) -> tuple[str, str, bytes]:
    """(mark, key id, nonce + ciphertext + tag). Raises: DomainError("sealing.damaged")."""
    mark, _, rest = token.partition(".")
    name, _, body = rest.partition(".")
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except ValueError as error:  # also binascii.Error and text outside ASCII
        raise damaged("") from error
    one_form = encoded(raw) == body  # the decoder passes over odd characters and spare bits
    if mark not in MARKS.values() or not one_form or len(raw) < NONCE + TAG:
        raise damaged("")
    return mark, name, raw


def damaged(context: str) -> DomainError:
    """The refusal of a token that does not open."""
    return DomainError(
        "sealing.damaged",
        f"The sealed value does not open at {context or 'its place'}: it was changed, cut, or "
        "copied from another row or field. Restore the row from a backup.",
        f"密文在 {context or '该位置'} 无法打开：内容被改动、截断，或从别的行或字段复制而来。"
        "请从备份恢复该行。",
        where=context or "token",
        status=409,
    )
