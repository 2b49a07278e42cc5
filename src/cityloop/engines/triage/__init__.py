"""Which class a report belongs to, how sure that is, and which words said so."""

from cityloop.engines.triage.cold import cold_start
from cityloop.engines.triage.crossing import cross_validate
from cityloop.engines.triage.evaluate import evaluate
from cityloop.engines.triage.model import Predictions, TriageModel
from cityloop.engines.triage.report import Report
from cityloop.engines.triage.train import train

__all__ = [
    "Predictions",
    "Report",
    "TriageModel",
    "cold_start",
    "cross_validate",
    "evaluate",
    "train",
]
