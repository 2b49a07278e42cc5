from __future__ import annotations

import pytest

from cityloop.engines.triage import TriageModel, train

from .samples import PHRASES, reports


@pytest.fixture(scope="session")
def model() -> TriageModel:
    return train(*reports(160), priors=PHRASES)[0]
