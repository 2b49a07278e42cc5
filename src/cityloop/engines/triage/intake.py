"""What training accepts: refused whole, with the row and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cityloop.kernel.errors import DomainError

MOST_CLASSES = 250


def check_labelled(
    titles: Sequence[str], texts: Sequence[str], labels: Sequence[str], accuracy: float
) -> None:
    """Raises DomainError unless there is one title, text and non-empty label per row."""
    if not len(titles) == len(texts) == len(labels):
        raise DomainError(
            "triage.lengths",
            f"{len(titles)} titles, {len(texts)} texts, {len(labels)} labels: give one of each.",
            f"标题 {len(titles)}、正文 {len(texts)}、标签 {len(labels)}：三者数量须相同。",
            where="labels",
        )
    for row, label in enumerate(labels):
        if not isinstance(label, str) or not label.strip():
            raise DomainError(
                "triage.label",
                f"Row {row} has the label {label!r}: give the name of a class, or leave it out.",
                f"第 {row} 行的标签为 {label!r}：请填写类别名称，或删去该行。",
                where=str(row),
            )
    if not 0.5 <= accuracy <= 0.999:
        raise DomainError(
            "triage.accuracy",
            f"The wanted accuracy is {accuracy}: give 0.5 to 0.999.",
            f"期望正确率为 {accuracy}：允许 0.5 至 0.999。",
            where="accuracy",
        )


def classes_of(labels: Sequence[str], *sources: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """All classes with a label or a phrase, sorted; two to MOST_CLASSES of them."""
    said = [each for source in sources for each in source.items()]
    for label, phrases in said:
        if isinstance(phrases, str) or not all(isinstance(phrase, str) for phrase in phrases):
            raise DomainError(
                "triage.prior",
                f"The phrases of class {label!r} are not a list of strings: {phrases!r:.100}.",
                f"类别 {label!r} 的说明不是字符串列表：{phrases!r:.100}。",
                where=str(label),
            )
    told = {label for label, phrases in said if any(p.strip() for p in phrases)}
    classes = tuple(sorted(set(labels) | told))
    if not 2 <= len(classes) <= MOST_CLASSES:
        raise DomainError(
            "triage.classes",
            f"There are {len(classes)} classes: 2 to {MOST_CLASSES} are possible; "
            "merge classes, or train one model per group of classes.",
            f"共有 {len(classes)} 个类别：允许 2 至 {MOST_CLASSES} 个；请合并类别或分组训练。",
            where="labels",
        )
    return classes
