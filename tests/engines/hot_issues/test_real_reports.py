"""The published stream of 4,326 reports: both example issues, and 26 issues found by reading."""

from __future__ import annotations

import json
import os
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cityloop.engines.hot_issues import find_issues
from cityloop.engines.hot_issues.evaluate import match, mean_f1
from cityloop.engines.hot_issues.files import FileOfReports, read_reports
from cityloop.engines.hot_issues.values import INTS
from tests.engines.hot_issues.found_by_words import LEAST, references

SHARED = Path(os.environ.get("CITYLOOP_SHARED") or Path(__file__).parents[4] / "shared")
FILE = SHARED / "data/citizen_messages/reports_4326.xlsx"
REFERENCES = json.loads(Path(__file__).with_name("references.json").read_text())


@cache
def real_file() -> FileOfReports:
    if not FILE.exists():
        pytest.skip(f"real reports not at {FILE}; set CITYLOOP_SHARED to check against them")
    return read_reports(FILE)


@cache
def found() -> tuple[INTS, dict[str, int], float]:
    file = real_file()
    began = time.process_time()
    labels = find_issues(file.reports)
    took = time.process_time() - began
    return labels, {report: row for row, report in enumerate(file.ids)}, took


def members(group: str, name: str = "") -> dict[str, list[int]]:
    _, row, _ = found()
    return {
        key: [row[str(i)] for i in ids]
        for key, ids in REFERENCES[group].items()
        if not name or name in key
    }


def test_the_two_example_issues_are_found_whole_and_nearly_pure() -> None:
    labels, row, _ = found()
    for first, last in ((360100, 360109), (360110, 360114)):
        given = [row[str(i)] for i in range(first, last + 1)]
        assert len({int(labels[i]) for i in given}) == 1, "split"
        assert labels[given[0]] >= 0
    for example in ("example 1", "example 2"):
        (ids,) = [m for g in ("chosen", "held") for m in members(g, example).values()]
        one = match(labels, ids)
        assert one.recall == 1.0 and one.precision >= 0.9


def test_issues_kept_aside_fit_as_well_as_those_looked_at() -> None:
    labels, _, _ = found()
    held, chosen = mean_f1(labels, members("held")), mean_f1(labels, members("chosen"))
    assert held >= 0.85 and chosen >= 0.85
    assert abs(held - chosen) < 0.05


def test_issues_found_by_words_alone_fit_as_well() -> None:
    labels, _, _ = found()
    given = references(real_file().reports.titles)
    assert min(map(len, given.values())) >= LEAST
    assert mean_f1(labels, given) >= 0.86


def test_no_group_is_a_chain_and_the_file_takes_seconds() -> None:
    labels, _, took = found()
    assert np.bincount(labels[labels >= 0]).max() < 80
    assert took < 20
