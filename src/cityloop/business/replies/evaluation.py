"""How often real replies lack what, and how well a question finds its own reply."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cityloop.engines.replies import CODES, Likeness, check
from cityloop.engines.replies.drafting import LEAST_LIKE
from cityloop.engines.tables import open_table
from cityloop.kernel.errors import DomainError

NAMES = {
    "title": ("留言主题", "title", "subject"),
    "question": ("留言详情", "question", "body", "text"),
    "reply": ("答复意见", "reply", "answer"),
}
LEVELS = (0.10, LEAST_LIKE, 0.20, 0.25, 0.30, 0.40)
Pairs = tuple[list[str], list[str]]


def evaluate_replies(path: Path | str, columns: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Findings over all replies of a file, and retrieval of each question's own reply.

    A reply that several rows share counts as found by each of them (R@1, R@5, MRR by the rank of
    the best). `above` is for each level of likeness the share of questions with a reply above
    it, and how often the first one is the own one. Reading only replies, a question never sees
    itself: the figures are those of a reply that stands in the file among all others.

    Raises: DomainError("replies.columns", "replies.empty"), those of `open_table`.
    """
    questions, replies = _pairs(path, columns or {})
    began = time.process_time()
    found = [{f.code for f in check(r, q)} for q, r in zip(questions, replies, strict=True)]
    per_check = (time.process_time() - began) / len(replies)
    counts = Counter(code for codes in found for code in codes)
    return {
        "replies": len(replies),
        "without_finding": sum(not codes for codes in found),
        "findings": {code: counts[code] for code in CODES},
        "ms_a_check": round(per_check * 1000, 3),
        "retrieval": _retrieval(questions, replies),
    }


def _retrieval(questions: list[str], replies: list[str]) -> dict[str, Any]:
    same = defaultdict(list)
    for index, reply in enumerate(replies):
        same[reply].append(index)
    asked = Likeness(replies)
    began = time.process_time()
    ranks, best = [], []
    for question, reply in zip(questions, replies, strict=True):
        scores = asked.scores(question)
        own = float(scores[same[reply]].max())
        others = np.delete(scores, same[reply])
        # Of equals the own one counts as the last: a tie is not a find.
        ranks.append(1 + int((others >= own).sum()))
        best.append(float(scores.max()))
    spent = (time.process_time() - began) / len(replies)
    rank, top = np.array(ranks), np.array(best)
    return {
        "distinct_replies": len(same),
        "recall_at_1": round(float((rank == 1).mean()), 4),
        "recall_at_5": round(float((rank <= 5).mean()), 4),
        "mrr": round(float((1 / rank).mean()), 4),
        "ms_a_query": round(spent * 1000, 3),
        "above": {str(level): _above(level, rank, top) for level in LEVELS},
    }


def _above(level: float, rank: Any, top: Any) -> dict[str, float | None]:
    kept = top >= level
    right = round(float((rank[kept] == 1).mean()), 4) if kept.any() else None
    return {"share": round(float(kept.mean()), 4), "first_is_own": right}


def _pairs(path: Path | str, columns: Mapping[str, str]) -> Pairs:
    table = open_table(path)
    known = {ours: _column(table.columns, ours, columns.get(ours, "")) for ours in NAMES}
    questions, replies = [], []
    for _, row in table.rows():
        said = {ours: str(row.get(theirs) or "").strip() for ours, theirs in known.items()}
        if said["reply"] and (said["title"] or said["question"]):
            questions.append(f"{said['title']}\n{said['question']}")
            replies.append(said["reply"])
    if not replies:
        raise DomainError(
            "replies.empty",
            f"{path} holds no row with a question and a reply.",
            f"{path} 中没有同时含有留言与答复的行。",
            where=str(path),
        )
    return questions, replies


def _column(columns: Any, ours: str, given: str) -> str:
    names = (given,) if given else NAMES[ours]
    found = next((c for c in columns if c in names), None)
    if found is None:
        raise DomainError(
            "replies.columns",
            f"No column for '{ours}' ({', '.join(names)}); there are: {', '.join(columns)}. "
            f"Say --column {ours}=NAME.",
            f"没有“{ours}”列（{'、'.join(names)}），现有：{'、'.join(columns)}。"
            f"请用 --column {ours}=列名 指定。",
            where="columns",
        )
    return str(found)
