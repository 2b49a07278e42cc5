"""One character to one character: full-width digits, letters and signs as their plain forms.

Positions stay, so what is found in the folded text is cut from the text as it was written.
"""

from __future__ import annotations

_FULL = {0xFF01 + n: 0x21 + n for n in range(94)}
_DASHES = {ord(sign): ord("-") for sign in "‐‑‒–—―－﹣−"}
_SPACES = {ord(sign): ord(" ") for sign in "\u3000\u00a0\u2002\u2003\u2009\t"}
_ROUND = {ord(sign): ord(plain) for sign, plain in zip("⓪①②③④⑤⑥⑦⑧⑨", "0123456789", strict=True)}
_TABLE = _FULL | _DASHES | _SPACES | _ROUND


def folded(text: str) -> str:
    """The text with plain digits, letters, dashes and spaces; as long as before."""
    return text.translate(_TABLE)
