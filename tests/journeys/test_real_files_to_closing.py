"""Real files go in unchanged, and their cases are driven to closing over the API.

All of them when CITYLOOP_ALL_CASES is set (ten thousand cases, some minutes), else a sample that
takes every n-th case.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import call_command

from cityloop.business.cases.models import Case, Report
from tests.conftest import REPO, real_data
from tests.journeys.driving import Driver
from tests.world import World

FILES = [
    ("citizen_messages/reports_4326.xlsx", "citizen_messages.toml", 4326),
    ("baltimore_311/requests_5000.csv", "baltimore_311.toml", 5000),
    ("nyc_311/requests_2024_04.csv", "nyc_311.toml", 1000),
]
SAMPLE = 25


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize(("file", "mapping", "rows"), FILES, ids=[m for _, m, _ in FILES])
def test_every_row_comes_in_or_is_refused_and_every_case_can_be_closed(
    world: World, tmp_path: Path, file: str, mapping: str, rows: int
) -> None:
    refused = tmp_path / "refused.csv"
    call_command(
        "import_reports",
        str(real_data(*file.split("/"))),
        "--channel",
        "hotline",
        "--map",
        str(REPO / "profiles" / "mappings" / mapping),
        "--refused",
        str(refused),
    )
    lost = len(refused.read_text("utf-8-sig").splitlines()) - 1 if refused.exists() else 0
    assert Report.objects.count() > rows * 0.95
    assert Report.objects.count() + lost >= rows * 0.99
    numbers = list(Case.objects.order_by("pk").values_list("number", flat=True))
    stride = 1 if os.environ.get("CITYLOOP_ALL_CASES") else max(1, len(numbers) // SAMPLE)
    driver = Driver(world)
    for number in numbers[::stride]:
        assert driver.close(number)[-1] == "closed"
