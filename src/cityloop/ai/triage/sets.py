"""The operator's own labelled texts behind a model, kept so that it can be trained again."""

from __future__ import annotations

import gzip
import json

from cityloop.ai.triage.examples import Examples
from cityloop.ai.triage.models import ModelVersion, TrainingSet
from cityloop.engines.triage.text import normalised


def put_set(fingerprint: str, given: Examples) -> None:
    """Keep what was given besides corrections, as the classifier reads it (numbers masked)."""
    own = len(given.labels) - len(given.corrections)
    rows = zip(given.titles[:own], given.texts[:own], given.labels[:own], strict=True)
    said = [[normalised(title), normalised(text), label] for title, text, label in rows]
    whole = {"rows": said, "phrases": given.phrases}
    content = gzip.compress(json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace"))
    TrainingSet.objects.get_or_create(fingerprint=fingerprint, defaults={"content": content})


def find_set(version: ModelVersion) -> Examples | None:
    """What a model was given by its operator; None for a model from before sets were kept."""
    return set_of(version.fingerprint)


def set_of(fingerprint: str) -> Examples | None:
    """The same by the model's fingerprint."""
    row = TrainingSet.objects.filter(fingerprint=fingerprint).first()
    if row is None:
        return None
    found = Examples()
    whole = json.loads(gzip.decompress(bytes(row.content)))
    if isinstance(whole, list):  # sets written before phrases were kept with them
        whole = {"rows": whole, "phrases": {}}
    for title, text, label in whole["rows"]:
        found.add(title, text, label)
    found.phrases = whole["phrases"]
    return found
