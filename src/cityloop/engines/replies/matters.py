"""The matters a citizen asks about, and whether a reply speaks of each."""

from __future__ import annotations

import re

from cityloop.engines.replies.likeness import pairs_of

_LISTED = re.compile(
    r"(?:^"
    r"|(?<=[\s。；;：:！!？?，,]))(?:[（(]?\d{1,2}[、.．)）](?!\d)|[（(]?[一二三四五六七八九]{1,2}[)）、]|第[一二三四五]、?|[①-⑨])"
)
_QUESTION = re.compile(r"[^。！!？?；;\n]{4,120}[？?]")
LEAST_MATTERS, MOST_MATTERS, LEAST_PAIRS, SPOKEN_OF = 2, 8, 5, 0.08
# Turns of asking: they say nothing about what is asked.
_TURNS = re.compile(
    r"请问|咨询|想问|问一下|是否|能否|能不能|可以|什么时候|何时|多久|如何|怎么|怎样|哪里|为什么"
    r"|有没有|是不是|希望|领导|部门|政府|我们|你们|您|问题"
)


def matters_of(question: str) -> list[str]:
    """The matters of a message that lists several, or asks several questions; else none.

    With a single matter there is nothing to tell apart: whether it was answered is what the other
    checks look at.
    """
    found = _listed(question) or [m[0].strip() for m in _QUESTION.finditer(question)]
    matters = [m for m in dict.fromkeys(found) if len(_content(m)) >= LEAST_PAIRS]
    return matters[:MOST_MATTERS] if len(matters) >= LEAST_MATTERS else []


def _listed(question: str) -> list[str]:
    marks = list(_LISTED.finditer(question))
    if len(marks) < LEAST_MATTERS:
        return []
    ends = [m.start() for m in marks[1:]] + [len(question)]
    parts = [question[m.end() : end].strip() for m, end in zip(marks, ends, strict=True)]
    return [re.split(r"[。；;\n]", part)[0][:120] for part in parts if part]


def is_answered(matter: str, reply: str) -> bool:
    """Whether the reply shares words with the matter: at least two pairs and one in twelve."""
    wanted = _content(matter)
    shared = wanted & set(pairs_of(reply))
    return len(shared) >= 2 and len(shared) / len(wanted) >= SPOKEN_OF


def _content(matter: str) -> set[str]:
    return set(pairs_of(_TURNS.sub(" ", matter)))
