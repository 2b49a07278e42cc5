"""Files as cities published them, unchanged. They stay outside this repository.

Cases of them are driven to closing over the API: every n-th, or all when CITYLOOP_ALL_CASES is set
(ten thousand cases, some minutes).
"""

from __future__ import annotations

import io
import os
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command

from cityloop.business.cases.queries import cases_of
from cityloop.business.intake.models import ImportRun
from cityloop.city.accounts.domain import SYSTEM
from tests.conftest import REPO, real_data
from tests.journeys.driving import Driver
from tests.world import World

pytestmark = pytest.mark.django_db
SAMPLE = 25


def imported(*place: str, mapping: str) -> tuple[ImportRun, str]:
    out = io.StringIO()
    path = real_data(*place)
    call_command(
        "import_reports", str(path), "--map", mapping, "--channel", "hotline", "--quiet", stdout=out
    )
    return ImportRun.objects.latest("pk"), out.getvalue()


def closed(world: World) -> None:
    """Cases of the file can be brought to their end, each by whoever owns it at the moment."""
    numbers = list(cases_of(SYSTEM).order_by("pk").values_list("number", flat=True))
    stride = 1 if os.environ.get("CITYLOOP_ALL_CASES") else len(numbers) // SAMPLE
    driver = Driver(world)
    for number in numbers[::stride]:
        assert driver.close(number)[-1] == "closed"


def test_chinese_messages_without_coordinates(world: World) -> None:
    run, said = imported("citizen_messages", "reports_4326.xlsx", mapping="citizen_messages")
    tally = run.tally
    assert (tally.read, tally.accepted, tally.adds_up) == (4326, 4326, True)
    assert tally.located["unknown"] + tally.located["address"] == 4326
    assert "读取 read 4,326" in said
    first = cases_of(SYSTEM).order_by("pk")[0].reports.get()
    assert first.external_id == "188006" and first.extra["kept"] == {"点赞数": "0", "反对数": "0"}
    assert first.text.startswith("座落在A市") and not first.text.endswith(("\t", "\n"))
    assert first.happened_at == datetime.fromisoformat("2019-02-28T11:25:05+08:00")
    closed(world)


def test_baltimore_requests_with_coarse_coordinates(world: World) -> None:
    run, said = imported("baltimore_311", "requests_5000.csv", mapping="baltimore_311")
    tally = run.tally
    assert (tally.read, tally.accepted, tally.adds_up) == (5000, 5000, True)
    assert tally.remarks["coords.coarse"] == 451
    assert tally.located == {"outside": 4271, "unknown": 729}  # 451 coarse, 278 empty
    assert tally.classified["given"] == 4162
    assert "SW-Cleaning" in said and tally.unmapped["SW-Cleaning"] == 67
    closed(world)


def test_new_york_requests(world: World) -> None:
    mapping = REPO / "profiles" / "mappings" / "nyc_311.toml"  # as a file of one's own
    run, _ = imported("nyc_311", "requests_2024_04.csv", mapping=str(mapping))
    tally = run.tally
    assert (tally.read, tally.accepted, tally.adds_up) == (1000, 1000, True)
    assert tally.located == {"outside": 977, "unknown": 23}
    one = cases_of(SYSTEM).get(reports__external_id="60879417").reports.get()
    assert one.happened_at is not None and one.language == "en"
    closed(world)


@pytest.mark.once
def test_files_with_the_columns_in_other_order_and_more_of_them(world: World) -> None:
    run, _ = imported("citizen_messages", "questions_replies_1408.xlsx", mapping="citizen_messages")
    assert (run.tally.read, run.tally.accepted) == (1408, 1408)


@pytest.mark.once
def test_labelled_messages(world: World) -> None:
    run, _ = imported("citizen_messages", "labelled_dev.csv", mapping="labelled_messages")
    assert (run.tally.read, run.tally.accepted) == (909, 909)


@pytest.mark.parametrize(
    "place,mapping",
    [
        (("nyc_311", "requests_2024_04.csv"), "baltimore_311"),
        (("citizen_messages", "labelled_dev.csv"), "citizen_messages"),
    ],
)
def test_wrong_mapping_is_refused_naming_the_columns(
    world: World, place: tuple[str, str], mapping: str
) -> None:
    from django.core.management.base import CommandError

    with pytest.raises(CommandError, match=r"map\.column_missing"):
        imported(*place, mapping=mapping)


def test_second_time_says_it_is_done(world: World) -> None:
    given: dict[str, Any] = {"mapping": "nyc_311"}
    imported("nyc_311", "requests_2024_04.csv", **given)
    _, said = imported("nyc_311", "requests_2024_04.csv", **given)
    assert "nothing was done again" in said and cases_of(SYSTEM).count() == 1000
