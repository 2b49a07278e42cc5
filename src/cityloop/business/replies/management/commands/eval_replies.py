"""cityloop eval replies: what real replies lack; whether a question finds its own reply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cityloop.business.replies.evaluation import evaluate_replies
from cityloop.city.evaluation import Evaluation, named_columns


class Command(Evaluation):
    help = "评估答复检查与相似答复检索。What replies lack; whether a question finds its own reply."
    data = "CSV or XLSX of questions and replies"
    columns = "title, question, reply"

    def measure(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return evaluate_replies(options["data"], named_columns(options))
