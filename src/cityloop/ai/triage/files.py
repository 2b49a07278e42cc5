"""Model files: kept in the database, cached on disk by fingerprint."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from cityloop.ai.triage.models import ModelFile
from cityloop.engines.triage import TriageModel
from cityloop.kernel.errors import DomainError, NotFound

log = logging.getLogger(__name__)


def model_path(fingerprint: str) -> Path:
    """Where the disk copy of a model lies; its folder exists."""
    folder = Path(settings.DATA) / "models"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{fingerprint}.npz"


def put_model(fingerprint: str, model: TriageModel) -> None:
    """Write the model to disk and to the database, once."""
    path = model_path(fingerprint)
    if not path.exists():
        model.save(path)
    ModelFile.objects.get_or_create(
        fingerprint=fingerprint, defaults={"content": path.read_bytes()}
    )


def load_model(fingerprint: str) -> TriageModel:
    """The model, from the disk copy or, where that is missing or damaged, from the database."""
    path = model_path(fingerprint)
    if path.exists():
        try:
            return TriageModel.load(path)
        except DomainError as error:
            log.warning("Model copy %s is damaged, taken again: %s", path, error)
    row = ModelFile.objects.filter(fingerprint=fingerprint).first()
    if row is None:
        raise NotFound(
            "triage.no_file",
            f"The file of model {fingerprint[:12]} is neither on disk nor in the database. "
            "Train again: `cityloop train triage`.",
            f"模型文件 {fingerprint[:12]} 在磁盘与数据库中均不存在，请重新训练。",
        )
    _write(path, bytes(row.content))
    return TriageModel.load(path)


def put_report(fingerprint: str, report: dict[str, Any]) -> None:
    """Keep the figures beside the disk copy, so that a fresh database needs no training."""
    text = json.dumps(report, ensure_ascii=False)
    _write(model_path(fingerprint).with_suffix(".json"), text.encode())


def find_trained(fingerprint: str) -> tuple[TriageModel, dict[str, Any]] | None:
    """A model trained before on exactly this input, with its figures."""
    path = model_path(fingerprint)
    report = path.with_suffix(".json")
    if not path.exists() or not report.exists():
        return None
    try:
        return TriageModel.load(path), json.loads(report.read_text("utf-8"))
    except (DomainError, ValueError) as error:
        log.warning("Cached model %s cannot be read, trained again: %s", path, error)
        path.unlink(missing_ok=True)
        return None


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
