"""Text from people: what is invisible or dangerous goes, what is writing stays as written.

Nothing is normalised: NFC would turn the name character U+F9D1 into another one. Two modes:
"api" refuses what a person or program can correct at once; "import" takes it out with a remark,
because the sender of a file of last year cannot.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from cityloop.kernel.errors import DomainError

Mode = Literal["api", "import"]

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Width nothing, meaning nothing: they hide duplicates from search. Joiners are judged apart.
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb]"
)
_JOINER = re.compile("[\u200c\u200d]")
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ue000-\uf8ff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
_BLACK_FLAG = "\U0001f3f4"


def clean_text(
    value: object,
    *,
    where: str,
    max_chars: int,
    multiline: bool = False,
    mode: Mode = "api",
    by_grapheme: bool = False,
    remarks: list[str] | None = None,
) -> str:
    """The text without outer white space and without invisible junk.

    Args:
        where: field the text is for, named in the refusal.
        max_chars: code points, or what a reader sees as characters with `by_grapheme`.
        multiline: line ends and tabs stay (one kind of line end); else they become one blank.
        mode: see the module.
        remarks: gets one English line for each kind of thing that was taken out.
    Raises: DomainError text.not_text, text.control_character, text.bidi_override,
        text.half_character, text.too_long.
    Example: >>> clean_text("\\n\\t 路灯\\u200b不亮 \\n", where="title", max_chars=50)
        '路灯不亮'
    """
    if not isinstance(value, str):
        raise _not_text(value, where)
    notes = remarks if remarks is not None else []
    text = value
    if _SUSPECT.search(text):
        text = _LINE_ENDS.sub("\n", text)
        text = _without_half_characters(text, where, mode, notes)
        text = _without_controls(text, where, mode, notes)
        text = _without_bidi(text, where, mode, multiline, notes)
        text = _without_invisible(text, where, notes)
        if _PRIVATE.search(text):
            notes.append(f"{where}: private-use characters, which few fonts show, are kept")
    if multiline:
        text = re.sub(r"[ \t\u3000]+\n", "\n", text).strip()
    else:
        text = re.sub(r"[ \t]*[\n\t]\s*", " ", text.strip())
    size = grapheme_count(text) if by_grapheme else len(text)
    if size > max_chars:
        raise _too_long(size, max_chars, where)
    return text


def grapheme_count(text: str) -> int:
    """Characters as a reader counts them: marks, joined emoji, flags and keycaps count once.

    The rules of UAX 29 that matter for Chinese, Latin and emoji; Hangul and Indic clusters count
    by their parts, which only makes a limit stricter.
    """
    if text.isascii():
        return len(text)
    count = 0
    joined = flag_open = False
    for char in text:
        code = ord(char)
        if _continues(char, code):
            joined = code == 0x200D
            continue
        regional = 0x1F1E6 <= code <= 0x1F1FF
        if joined or (regional and flag_open):
            flag_open = False
        else:
            count += 1
            flag_open = regional
        joined = False
    return count


def _continues(char: str, code: int) -> bool:
    if code < 0x300:
        return False
    marks = unicodedata.category(char) in ("Mn", "Me", "Mc")
    return marks or code in (0x200C, 0x200D) or 0x1F3FB <= code <= 0x1F3FF or code >> 7 == 0x1C00


def _without_half_characters(text: str, where: str, mode: Mode, notes: list[str]) -> str:
    found = _SURROGATE.search(text)
    if found is None:
        return text
    if mode == "api":
        raise DomainError(
            "text.half_character",
            f"{where}: position {found.start() + 1} holds half a character "
            f"(U+{ord(found[0]):04X}), as when an emoji is cut in two. Send whole characters.",
            f"{where}：第 {found.start() + 1} 个字符不完整（U+{ord(found[0]):04X}），"
            "可能是表情符号被截断。请发送完整字符。",
            where=where,
            details={"position": found.start()},
        )
    notes.append(f"{where}: half characters replaced by U+FFFD")
    return _SURROGATE.sub("\ufffd", text)


def _without_controls(text: str, where: str, mode: Mode, notes: list[str]) -> str:
    found = _CONTROL.search(text)
    if found is None:
        return text
    if mode == "api":
        raise DomainError(
            "text.control_character",
            f"{where}: position {found.start() + 1} holds the control character "
            f"U+{ord(found[0]):04X}; text may hold none but line ends and tabs. Take it out.",
            f"{where}：第 {found.start() + 1} 个字符是控制字符 U+{ord(found[0]):04X}，"
            "文本中只允许换行和制表符。请删除。",
            where=where,
            details={"position": found.start(), "character": f"U+{ord(found[0]):04X}"},
        )
    text, count = _CONTROL.subn("", text)
    notes.append(f"{where}: {count} control characters taken out")
    return text


def _without_bidi(text: str, where: str, mode: Mode, multiline: bool, notes: list[str]) -> str:
    """Direction overrides make a title or an id look like another. In a long text they come
    along with pasted phone numbers and are taken out even from the API."""
    found = _BIDI.search(text)
    if found is None:
        return text
    if mode == "api" and not multiline:
        raise DomainError(
            "text.bidi_override",
            f"{where}: position {found.start() + 1} holds U+{ord(found[0]):04X}, which turns the "
            "direction of the text. Take it out.",
            f"{where}：第 {found.start() + 1} 个字符 U+{ord(found[0]):04X} 改变文字方向，请删除。",
            where=where,
            details={"position": found.start(), "character": f"U+{ord(found[0]):04X}"},
        )
    notes.append(f"{where}: direction marks taken out")
    return _BIDI.sub("", text)


def _without_invisible(text: str, where: str, notes: list[str]) -> str:
    cleaned = _INVISIBLE.sub("", text)
    cleaned = _JOINER.sub(_joiner_or_nothing, cleaned)
    cleaned = _TAGS.sub(_tags_or_nothing, cleaned)
    if cleaned != text:
        notes.append(f"{where}: invisible characters taken out")
    return cleaned


def _joiner_or_nothing(found: re.Match[str]) -> str:
    """Joiners stay where writing needs them: inside emoji, and in Arabic or Indic words."""
    text, at = found.string, found.start()
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return found[0] if _joinable(before) and _joinable(after) else ""


def _joinable(char: str) -> bool:
    if not char or char.isspace():
        return False
    code = ord(char)
    if 0x0590 <= code <= 0x0DFF:  # Hebrew, Arabic, Indic
        return True
    emoji = 0x2190 <= code <= 0x2BFF or 0x1F000 <= code <= 0x1FAFF
    return emoji or code == 0xFE0F


def _tags_or_nothing(found: re.Match[str]) -> str:
    """Tag characters spell the flags of regions after a black flag, and hidden text elsewhere."""
    is_flag = found.string[: found.start()].endswith(_BLACK_FLAG) and len(found[0]) <= 7
    return found[0] if is_flag and found[0].endswith("\U000e007f") else ""


def _not_text(value: object, where: str) -> DomainError:
    kind = type(value).__name__
    return DomainError(
        "text.not_text",
        f"{where}: a text is needed, not a {kind}.",
        f"{where}：应为文本，收到的是 {kind}。",
        where=where,
    )


def _too_long(size: int, allowed: int, where: str) -> DomainError:
    return DomainError(
        "text.too_long",
        f"{where}: {size:,} characters; at most {allowed:,} are allowed. Shorten it.",
        f"{where}：共 {size:,} 个字符，最多 {allowed:,} 个。请缩短。",
        where=where,
        details={"size": size, "allowed": allowed},
    )
