"""Every profile of the checkout, and the real data beside it where there is any."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from profile_files import Files

REPO = Path(__file__).resolve().parents[2]
FOLDERS = sorted(p.parent for p in (REPO / "profiles").glob("*/profile.toml"))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def profile(request: pytest.FixtureRequest) -> Files:
    return Files(request.param)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data beside the checkout; without it the test is skipped."""
    folder = Path(os.environ.get("CITYLOOP_SHARED") or REPO.parent / "shared") / "data"
    if not folder.is_dir():
        pytest.skip(f"real data not at {folder}; set CITYLOOP_SHARED to check against it")
    return folder
