"""How the active model does on a labelled file it has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cityloop.ai.triage.examples import file_examples
from cityloop.ai.triage.queries import active_model
from cityloop.engines.triage import evaluate
from cityloop.kernel.errors import NotFound


def evaluate_file(
    path: Path | str,
    *,
    kind: str = "class",
    text_column: str,
    label_column: str,
    title_column: str = "",
    means: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The engine's report, with the model's label and the rows left out.

    Raises: NotFound("triage.no_model") when none is active; DomainError as `file_examples`.
    """
    active = active_model(kind)
    if active is None:
        raise NotFound(
            "triage.no_model",
            f"No {kind} model is active. Train one: `cityloop train triage`.",
            "没有启用的模型，请先运行 cityloop train triage。",
        )
    given = file_examples(
        path,
        text_column=text_column,
        label_column=label_column,
        title_column=title_column,
        known=set(active.model.labels),
        means=means,
    )
    report = evaluate(active.model, given.titles, given.texts, given.labels).as_dict()
    return {"model": active.label, "rows_left_out": len(given.refused), **report}
