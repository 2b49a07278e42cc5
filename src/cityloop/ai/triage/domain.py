"""When a new model may replace the one in use: values in, a decision with its reason out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NEAR = 0.01
"""How much less accurate, on left-out texts, still counts as as good."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether the new model may go into service, and why, in both languages."""

    may_replace: bool
    en: str
    zh: str


def compare(new: Mapping[str, Any], old: Mapping[str, Any] | None) -> Comparison:
    """A model may replace the active one when it is better, or near it on more texts.

    Args:
        new, old: reports of training (`accuracy`, `texts`, `classes`); None = nothing is active.
            accuracy None: started without labels, so nothing was measured.
    """
    if old is None:
        return Comparison(True, "there was no active model", "此前没有启用的模型")
    if new["accuracy"] is None:
        return Comparison(
            False,
            "started without labels: the active model stays (--force activates all the same)",
            "无标注启动：保留原模型（--force 可强制启用）",
        )
    if old["accuracy"] is None:
        return Comparison(True, "the active one had no labels", "原模型没有标注数据")
    gain = float(new["accuracy"]) - float(old["accuracy"])
    said = f"{float(old['accuracy']):.3f} → {float(new['accuracy']):.3f}"
    if gain > 0:
        return Comparison(True, f"accuracy {said}", f"正确率 {said}")
    knows_more = (int(new["classes"]), int(new["texts"])) >= (
        int(old["classes"]),
        int(old["texts"]),
    )
    if gain >= -NEAR and knows_more:
        return Comparison(True, f"accuracy {said}, near, on no fewer texts", f"正确率 {said}，相当")
    return Comparison(
        False,
        f"accuracy {said}: the active model stays (--force activates all the same)",
        f"正确率 {said}：保留原模型（--force 可强制启用）",
    )
