"""When a new model may replace the one in use: values in, a decision with its reason out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NEAR = 0.01
"""How much less accurate, on left-out texts, still counts as as good."""

MUCH = 0.05
"""How much lower a macro-F1 keeps a model out however accurate it is."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether the new model may go into service, and why, in both languages."""

    may_replace: bool
    en: str
    zh: str


def compare(new: Mapping[str, Any], old: Mapping[str, Any] | None) -> Comparison:
    """A model may replace the active one when it knows most of its labels and is better, or
    near it on more texts.

    Args:
        new, old: reports of training (`accuracy`, `texts`, `classes`, `per_class`); None = nothing
            is active.
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
    return _of_other_labels(new, old) or _by_accuracy(new, old)


def _of_other_labels(new: Mapping[str, Any], old: Mapping[str, Any]) -> Comparison | None:
    known = _labels(old)
    lost = known - _labels(new)
    if 2 * len(lost) <= len(known):
        return None
    some = sorted(lost)[:5]
    return Comparison(
        False,
        f"it does not know {len(lost)} of the {len(known)} labels of the active one "
        f"({', '.join(some)}), so their accuracies do not compare: the active model stays "
        "(--force activates all the same)",
        f"它不认识原模型 {len(known)} 个标签中的 {len(lost)} 个（{'、'.join(some)}），"
        "正确率不可比：保留原模型（--force 可强制启用）",
    )


def _by_accuracy(new: Mapping[str, Any], old: Mapping[str, Any]) -> Comparison:
    gain = float(new["accuracy"]) - float(old["accuracy"])
    said = f"{float(old['accuracy']):.3f} → {float(new['accuracy']):.3f}"
    if over_classes := _lost_over_classes(new, old):
        return Comparison(
            False,
            f"accuracy {said}, but macro-F1 {over_classes}: rare classes would suffer; the active "
            "model stays (--force activates all the same)",
            f"正确率 {said}，但各类平均 F1 {over_classes}：少见类别会变差，保留原模型"
            "（--force 可强制启用）",
        )
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


def _lost_over_classes(new: Mapping[str, Any], old: Mapping[str, Any]) -> str:
    """ "0.860 → 0.304" where the mean over the classes falls clearly; a file of nearly one class
    shows a high accuracy that says nothing of the others."""
    if "macro_f1" not in new or "macro_f1" not in old:
        return ""
    before, after = float(old["macro_f1"]), float(new["macro_f1"])
    return f"{before:.3f} → {after:.3f}" if after < before - MUCH else ""


def _labels(report: Mapping[str, Any]) -> set[str]:
    return {str(figures["label"]) for figures in report.get("per_class", ())}
