"""A text with its personal data replaced, so that who reads it still understands the matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from cityloop.engines.privacy.finding import Find, find
from cityloop.engines.privacy.kinds import Kind, Mode


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text and what was hidden in it.

    Args:
        text: with 〔手机号〕 and the like in place of values; the same value has the same number
            (〔姓名1〕 … 〔姓名2〕) where one kind occurs with several values.
        counts: how many finds of each kind; says nothing about the values.
    """

    text: str
    finds: tuple[Find, ...] = ()
    counts: Mapping[Kind, int] = field(default_factory=dict)


def mask(text: str, mode: Mode = Mode.PLAIN, *, language: str = "zh") -> Masked:
    """Replace what is personal.

    Args:
        mode: PLAIN beside the desk, LEAVING before text leaves the platform.
        language: "zh" or "en": of the words put in.
    Example: >>> mask("我叫王小明，电话13800138000").text
        '我叫〔姓名〕，电话〔手机号〕'
    """
    finds = find(text, mode)
    labels = _labels(text, finds, language)
    parts, at = [], 0
    for one, label in zip(finds, labels, strict=True):
        parts += [text[at : one.start], label]
        at = one.end
    counts = Counter(one.kind for one in finds)
    return Masked("".join([*parts, text[at:]]), finds, counts)


def _labels(text: str, finds: tuple[Find, ...], language: str) -> list[str]:
    seen: dict[Kind, dict[str, int]] = {}
    for one in finds:
        values = seen.setdefault(one.kind, {})
        values.setdefault(one.of(text), len(values) + 1)
    labels = []
    for one in finds:
        word = one.kind.en if language == "en" else one.kind.zh
        number = str(seen[one.kind][one.of(text)]) if len(seen[one.kind]) > 1 else ""
        labels.append(
            f"[{word}{' ' if number else ''}{number}]"
            if language == "en"
            else f"〔{word}{number}〕"
        )
    return labels
