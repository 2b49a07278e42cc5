"""triage: texts to classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cityloop.ai.tables import LABEL, TEXT, TITLE, cell_text, find_column
from cityloop.brain.scenarios.kinds import Trained, column
from cityloop.brain.sources import has_frame, no_row, of_frame
from cityloop.brain.values import Row
from cityloop.engines import triage


def train_triage(
    rows: Sequence[Row],
    *,
    columns: Mapping[str, str] | None = None,
    priors: Mapping[str, Sequence[str]] | None = None,
    unlabelled: Sequence[tuple[str, str]] | None = None,
    accuracy: float = 0.95,
    seed: int = 0,
) -> Trained:
    """From rows with a text and a label; rows without either are left out and told (report).
    `priors`: phrases of each class (its name is one)."""
    columns = columns or {}
    label = column(rows, columns.get("label"), LABEL, "label")
    given = [
        (title, text, cell_text(row.get(label)).strip())
        for row, title, text in zip(rows, *_texts(rows, columns), strict=True)
    ]
    kept = [one for one in given if one[2] and (one[0].strip() or one[1].strip())]
    titles, texts, labels = ([one[part] for one in kept] for part in range(3))
    said = priors or {name: [name] for name in sorted(set(labels)) if name}
    model, report = triage.train(
        titles, texts, labels, priors=said, unlabelled=unlabelled, accuracy=accuracy, seed=seed
    )
    shown = {
        "accuracy": float(report.accuracy),
        "macro_f1": float(report.macro_f1),
        "top2": float(report.top2),
        "ece": float(report.calibration_error),
        "coverage": {wanted: asdict(one) for wanted, one in report.coverage.items()},
        "classes": len(model.labels),
        "rows_left_out": len(rows) - len(kept),
    }
    return Trained(model, model.trained_on, model.fingerprint, shown)


def predict_triage(
    model: Any, asked: Any = None, *, columns: Mapping[str, str] | None = None
) -> tuple[list[Row], None, list[str]]:
    """A text, a row, or a list of either."""
    rows = _asked_rows(asked)
    if not rows:
        return [], None, []
    titles, texts = _texts(rows, columns or {})
    found = model.predict(titles, texts)
    values: list[Row] = []
    for n in range(len(rows)):
        top = [(model.labels[i], float(p)) for i, p in
               zip(found.top[n], found.probability[n], strict=True) if i >= 0]  # fmt: skip
        words = model.explain(texts[n], int(found.top[n][0]), title=titles[n])
        values.append({
            "label": top[0][0], "probability": round(top[0][1], 4),
            "accepted": bool(found.accepted[n]), "top": top, "words": list(words)[:8],
        })  # fmt: skip
    unsure = sum(not value["accepted"] for value in values)
    said = f"{len(values)} 条中 {unsure} 条由人判定 / {unsure} of {len(values)}: a person decides"
    return values, None, [said] if unsure else []


def _asked_rows(asked: Any) -> list[Row]:
    """A text, a row, or several, also of a data frame. Raises: DomainError("brain.row")."""
    if isinstance(asked, (str, Mapping)):
        asked = [asked]
    elif has_frame(asked):
        asked = of_frame(asked)
    elif not isinstance(asked, Iterable):
        raise no_row(0, asked)
    rows: list[Row] = []
    for number, one in enumerate(asked):
        if not isinstance(one, (str, Mapping)):
            raise no_row(number, one)
        rows.append({"text": one} if isinstance(one, str) else one)
    return rows


def _texts(rows: Sequence[Row], columns: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Titles and texts; where rows have titles alone, those are the texts."""
    there = list(rows[0]) if rows else []
    title = columns.get("title") or find_column(there, TITLE)
    if title and not columns.get("text") and not find_column(there, TEXT):
        return [""] * len(rows), [cell_text(row.get(title)) for row in rows]
    text = column(rows, columns.get("text"), TEXT, "text")
    titles = [cell_text(row.get(title)) if title else "" for row in rows]
    return titles, [cell_text(row.get(text)) for row in rows]
