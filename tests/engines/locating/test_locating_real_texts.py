"""Real texts of real cities: what is located is right, the rest waits for a person."""

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from cityloop.engines.district import generate
from cityloop.engines.locating import Gazetteer

SHARED = Path(os.environ.get("CITYLOOP_SHARED", Path(__file__).parents[4] / "shared")) / "data"


def rows_of(name: str) -> list[dict[str, str]]:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data not at {path}; set CITYLOOP_SHARED to check against it")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_real_messages_of_another_city_are_not_located_here() -> None:
    district = generate("street", seed=7)
    places = Gazetteer(district.gazetteer_entries(), district.parents(), complete_streets=True)
    texts = [row["subject"] + row["body"] for row in rows_of("citizen_messages/labelled_dev.csv")]
    located = sum(places.find(text) is not None for text in texts)
    assert len(texts) > 500
    assert located / len(texts) < 0.005


@pytest.fixture(scope="module")
def baltimore() -> list[dict[str, str]]:
    rows = rows_of("baltimore_311/requests_5000.csv")
    return [row for row in rows if row["Address"] and re.search("[A-Za-z]", row["Neighborhood"])]


def street_of(row: dict[str, str]) -> str:
    return re.sub(r"^[\d\- /]+", "", row["Address"].split(",")[0].replace("BLOCK", "")).strip()


def results(
    rows: list[dict[str, str]], places: Gazetteer, ids: dict[str, int], form: str
) -> Counter:
    found: Counter = Counter()
    for row in rows:
        match = places.find(form.format(**row))
        right = match is not None and match.area_id == ids[row["Neighborhood"]]
        found["none" if match is None else "right" if right else "wrong"] += 1
    return found


def test_half_of_the_real_addresses_with_neighbourhood_locates_the_other_half(
    baltimore: list[dict[str, str]],
) -> None:
    """The street list comes from one half of the file, so it is partial, as such lists are."""
    ids = {name: n for n, name in enumerate(sorted({row["Neighborhood"] for row in baltimore}))}
    streets = {(street_of(row), ids[row["Neighborhood"]]) for row in baltimore[::2]}
    entries = [(name, "street", area, -76.6, 39.3) for name, area in sorted(streets) if name]
    entries += [(name, "community", area, -76.6, 39.3) for name, area in ids.items()]
    places = Gazetteer(entries)
    both = results(baltimore[1::2], places, ids, "Dirty alley at {Address} in {Neighborhood}")
    assert both["right"] > 1500
    assert both["wrong"] / (both["right"] + both["wrong"]) < 0.01
    address_only = results(baltimore[1::2], places, ids, "Dirty alley at {Address}")
    assert address_only["wrong"] / address_only.total() < 0.01
