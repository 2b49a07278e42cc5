"""The models of a CityBrain: versions by scenario, the newest in use."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from cityloop.brain.scenarios import Trained, scenario_of
from cityloop.brain.values import ModelInfo
from cityloop.kernel.errors import DomainError

DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile)


class Shelf:
    """Models in memory and, with a folder, as files of arrays beside what is said of them."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._newest: dict[str, tuple[ModelInfo, Any]] = {}
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(folder.glob("*.json")):
                self._load(path)

    def add(self, scenario: str, trained: Trained) -> ModelInfo:
        """A new version, in use from now on."""
        before = self._newest.get(scenario)
        info = ModelInfo(
            scenario, before[0].version + 1 if before else 1, trained.trained_on,
            trained.fingerprint, trained.report, datetime.now(UTC),
        )  # fmt: skip
        if self._folder:
            path = self._folder / f"{scenario}-{info.version}"
            scenario_of(scenario).save(trained.model, path.with_suffix(".npz"))
            facts = {**asdict(info), "made_at": info.made_at.isoformat()}
            path.with_suffix(".json").write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
        self._newest[scenario] = (info, trained.model)
        return info

    def newest(self, scenario: str) -> tuple[ModelInfo, Any]:
        """The model in use. Raises: DomainError("brain.untrained")."""
        if scenario not in self._newest:
            raise DomainError(
                "brain.untrained",
                f"There is no model of {scenario!r} yet: call train_model({scenario!r}, data).",
                f"场景 {scenario!r} 还没有模型，请先 train_model({scenario!r}, data)。",
            )
        return self._newest[scenario]

    def infos(self) -> list[ModelInfo]:
        """What is said of the newest model of each scenario."""
        return [info for info, _ in self._newest.values()]

    def _load(self, path: Path) -> None:
        try:
            facts = json.loads(path.read_text("utf-8"))
            facts["made_at"] = datetime.fromisoformat(facts["made_at"])
            info = ModelInfo(**facts)
            known = self._newest.get(info.scenario)
            if known is None or known[0].version < info.version:
                model = scenario_of(info.scenario).load(path.with_suffix(".npz"))
                self._newest[info.scenario] = (info, model)
        except DAMAGED as error:
            raise DomainError(
                "brain.folder",
                f"{path.name} or its .npz is damaged: {error}. Take both out of {path.parent}; "
                "the version before then predicts.",
                f"{path.name} 或其 .npz 已损坏：{error}。请将两者移出 {path.parent}，"
                "即由上一版本预测。",
            ) from error
