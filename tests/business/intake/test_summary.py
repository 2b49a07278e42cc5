from __future__ import annotations

from cityloop.business.cases.domain.values import NewReport, Receipt
from cityloop.business.intake.domain import Tally, summary_lines

REPORT = NewReport(channel="c", external_id="1", class_key="E0112")


def receipt(**given: object) -> Receipt:
    known = {"report_id": 1, "case_id": 1, "number": "1", "created": True, "state": "reported"}
    return Receipt(**{**known, **given})  # type: ignore[arg-type]


def tally() -> Tally:
    made = Tally()
    made.take_receipt(REPORT, receipt(located_by="exact", lead_department_id=3, class_key="E0112"))
    made.take_receipt(REPORT, receipt(created=False))
    made.take_refused("date.impossible")
    made.take_skipped("twice")
    made.take_notes(["class.unmapped"], "Tree")
    return made


def test_every_row_is_in_exactly_one_place() -> None:
    made = tally()
    assert made.adds_up
    made.read += 1
    assert not made.adds_up


def test_tally_survives_storing_and_adding() -> None:
    made = tally()
    assert Tally.from_json(made.as_json()) == made
    both = made.plus(made)
    assert (both.read, both.refused["date.impossible"], both.adds_up) == (8, 2, True)
    assert made.read == 4


def test_kinds_of_unmapped_values_stay_few() -> None:
    made = Tally()
    for n in range(1500):
        made.take_notes([], f"value {n}")
    assert len(made.unmapped) == 1001 and made.unmapped.total() == 1500


def test_summary_tells_counts_and_what_to_do_in_both_languages() -> None:
    said = "\n".join(summary_lines(tally(), seconds=2.0, refused_file="out.csv"))
    for part in (
        "读取 read 4",
        "新增受理 accepted, new 1",
        "date.impossible 1",
        "twice 1",
        "自动派遣 dispatched automatically 1 (100.0%)",
        "“Tree” 1",
        "2 行/秒 rows/s",
        "declare formats or dayfirst under [dates]",
        "out.csv",
    ):
        assert part in said


def test_summary_in_one_language() -> None:
    said = "\n".join(summary_lines(tally(), seconds=0, languages=("en",)))
    assert "read 4" in said and "读取" not in said and "rows/s" not in said
