"""Words that say why: what texts share that others do not have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cityloop.engines.hot_issues.grams import without_stock

_RUN = re.compile(r"[\u4e00-\u9fff]{2,}|[A-Za-z]{3,}")
LONGEST = 8
_EMPTY = frozenset({
    "您好", "你好", "领导", "尊敬", "尊敬的", "问题", "反映", "投诉", "咨询", "请问", "希望",
    "建议", "举报", "关于", "相关", "解决", "处理", "部门", "我们", "没有", "现在", "可以",
    "居民", "严重", "the", "and", "for", "with", "this", "that",
})  # fmt: skip


def shared_words(left: str, right: str, *, most: int = 6) -> list[str]:
    """Longest pieces of text that stand in both, longest first.

    Example: >>> shared_words("魅力之城油烟扰民", "万科魅力之城，油烟太大")
    ['魅力之城', '油烟']
    """
    return _pieces(left, [right], least=1, most=most)


def common_words(texts: Sequence[str], *, most: int = 8) -> list[str]:
    """Pieces that stand in at least half of the texts (in two at least), most frequent first."""
    least = max(2, (len(texts) + 1) // 2)
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_all_pieces(without_stock(text)))
    held = {p: n for p, n in counts.items() if n >= least and p not in _EMPTY}
    found: list[str] = []
    for piece in sorted(held, key=lambda p: (-len(p), -held[p], p)):
        if not any(piece in longer or _overlaps(piece, longer) for longer in found):
            found.append(piece)
    found.sort(key=lambda p: (-held[p], -len(p), p))
    return found[:most]


def _pieces(text: str, others: Sequence[str], *, least: int, most: int) -> list[str]:
    found: list[str] = []
    for piece in sorted(_all_pieces(text), key=lambda p: (-len(p), text.index(p))):
        if piece in _EMPTY or any(piece in f or _overlaps(piece, f) for f in found):
            continue
        if sum(piece in other for other in others) >= least:
            found.append(piece)
        if len(found) == most:
            break
    return found


def _all_pieces(text: str) -> set[str]:
    found: set[str] = set()
    for run in _RUN.findall(text):
        if run[0] < "\u4e00":
            found.add(run)
            continue
        for size in range(2, min(LONGEST, len(run)) + 1):
            found |= {run[i : i + size] for i in range(len(run) - size + 1)}
    return found


def _overlaps(piece: str, longer: str) -> bool:
    """Whether the end of one is the beginning of the other, by all but one character."""
    n = len(piece) - 1
    return n > 0 and (piece[:n] in longer or piece[1:] in longer)
