from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests.conftest import real_data
from tests.engines.forecast.made import city

from cityloop.ai.forecasts.files import read_counts
from cityloop.ai.forecasts.settings import forecast_settings
from cityloop.kernel.errors import DomainError


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_usual_columns_are_found_and_hours_counted(tmp_path: Path) -> None:
    file = written(
        tmp_path / "a.csv",
        "id,CreatedDate,Neighborhood,SRType\n1,04/13/2018 11:11:26 AM,North,Lamp\n"
        "2,04/12/2018 02:05:00 PM,North,Lamp\n3,04/12/2018 02:06:00 PM,,Bin\n4,soon,North,Bin\n",
    )
    read = read_counts(file)
    assert read.columns == {"date": "CreatedDate", "area": "Neighborhood", "topic": "SRType"}
    assert read.counts.first_day == date(2018, 4, 12)
    assert read.counts.cells == (("*", "Bin"), ("North", "Lamp"))
    assert read.counts.counts.tolist() == [[1, 1], [0, 1]]
    assert read.counts.hourly is not None
    assert read.counts.hourly[0, 14].tolist() == [1, 1]
    assert dict(read.refused) == {"date.unknown_format": 1}


def test_columns_are_mapped_areas_named_and_rows_left_out_told(tmp_path: Path) -> None:
    file = written(
        tmp_path / "b.csv", "wann,wo,wieviel\n2024-01-01,N,3\n2024-01-02,X,2\n2024-01-03,N,-1\n"
    )
    read = read_counts(
        file, columns={"date": "wann", "area": "wo", "count": "wieviel"}, areas={"N": "North"}
    )
    assert read.counts.counts.tolist() == [[3]]
    assert read.counts.hourly is None
    assert dict(read.refused) == {"forecast.area_not_named": 1, "forecast.count": 1}


def test_days_are_those_of_the_clock_that_wrote_them(tmp_path: Path) -> None:
    file = written(
        tmp_path / "z.csv",
        "created_at,type\n2026-01-01T07:00:00+08:00,a\n2026-01-02T23:30:00.5-0500,a\n",
    )
    read = read_counts(file)
    assert (read.counts.first_day, read.counts.days) == (date(2026, 1, 1), 2)
    assert read.counts.hourly is not None and read.counts.hourly[:, :, 0].nonzero()[1].tolist() == [
        7,
        23,
    ]


def test_rows_that_look_like_counts_are_not_taken_for_reports(tmp_path: Path) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(40)]
    lines = [f"{day},{area},{n}" for day in days for n, area in enumerate("NS", 3)]
    file = written(tmp_path / "w.csv", "\n".join(["date,district,volume", *lines]))
    with pytest.raises(DomainError) as refused:
        read_counts(file)
    assert (refused.value.code, refused.value.details) == (
        "forecast.are_counts", {"columns": ["volume"]},
    )  # fmt: skip
    assert read_counts(file, columns={"count": "volume"}).counts.counts.sum() == 7 * 40
    assert read_counts(file, columns={"count": ""}).counts.counts.sum() == 2 * 40
    twice = written(tmp_path / "x.csv", "\n".join(["date,district,volume", *lines, lines[0]]))
    assert read_counts(twice).counts.counts.sum() == 81, "two on one day: reports, no counts"


def test_dates_that_cannot_be_read_are_told_with_the_first(tmp_path: Path) -> None:
    with pytest.raises(DomainError) as refused:
        read_counts(written(tmp_path / "y.csv", "date,count\n1/5/15,3\n1/6/15,4\n"))
    assert refused.value.code == "forecast.no_rows"
    assert "1/5/15" in refused.value.en and "2 × date.unknown_format" in refused.value.en


def test_a_missing_column_names_those_there_are(tmp_path: Path) -> None:
    file = written(tmp_path / "c.csv", "a,b\n1,2\n")
    with pytest.raises(DomainError) as caught:
        read_counts(file)
    assert caught.value.code == "forecast.column"
    assert "a, b" in caught.value.en
    with pytest.raises(DomainError, match=r"forecast\.column"):
        read_counts(file, columns={"date": "day"})


def test_a_gzipped_file_is_read_and_a_damaged_one_refused(tmp_path: Path) -> None:
    file = tmp_path / "d.csv.gz"
    file.write_bytes(gzip.compress(b"day,cnt\n2024-01-01,5\n2024-01-02,6\n"))
    assert read_counts(file).counts.counts.tolist() == [[5], [6]]
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(DomainError, match=r"table\.damaged"):
        read_counts(file)


def test_command_prints_the_report_as_json(tmp_path: Path) -> None:
    made = city(150)
    lines = ["date,area,topic,count"]
    for row in range(made.days):
        day = made.first_day + timedelta(days=row)
        lines += [
            f"{day},{a},{t},{n}" for (a, t), n in zip(made.cells, made.counts[row], strict=True)
        ]
    file, out = written(tmp_path / "e.csv", "\n".join(lines)), StringIO()
    call_command("eval_demand", data=str(file), json=True, holidays="none", stdout=out)
    report = json.loads(out.getvalue())
    assert report["reports"] == int(made.counts.sum())
    assert report["tested_days"] == 150 - 84
    assert report["cell"]["mae_ratio"] < 0.9
    assert report["nowcast"] is None and report["overload"] is None and report["auto_ets"] is None
    with pytest.raises(CommandError, match="no column"):
        call_command("eval_demand", data=str(file), columns=["date=when"])


def test_real_counts_are_forecast_as_promised() -> None:
    file, out = real_data("demand", "boston311_daily.csv.gz"), StringIO()
    call_command("eval_demand", data=str(file), json=True, least_per_day=8.0, no_trees=True,
                 stdout=out)  # fmt: skip
    report = json.loads(out.getvalue())
    assert report["cell"]["mae_ratio"] <= 0.78
    assert report["overload"]["times_base"] >= 3.0
    assert report["overload"]["calibration_error"] <= 0.04
    assert report["holidays"] == "us", "told by the days before the test alone"


def test_settings_out_of_range_are_named(settings: object, tmp_path: Path) -> None:
    from cityloop.city.profile import load_profile

    assert forecast_settings().area_level == "subdistrict"
    for name, text in (("x", "warn_from = 3\n"), ("y", 'area_level = "cell"\n')):
        folder = tmp_path / name
        folder.mkdir()
        written(folder / "profile.toml", "")
        written(folder / "forecast.toml", text)
        settings.PROFILES, settings.PROFILE = tmp_path, name  # type: ignore[attr-defined]
        load_profile.cache_clear()
        with pytest.raises(DomainError) as caught:
            forecast_settings()
        assert caught.value.code == "forecast.settings"
        assert caught.value.where == text.split(" ")[0]
    load_profile.cache_clear()
