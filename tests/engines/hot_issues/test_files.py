"""Reports of files: times as offices write them, refusals with the reason."""

from __future__ import annotations

from pathlib import Path

from cityloop.engines.hot_issues.files import read_reports


def test_times_in_usual_forms_are_read_and_others_are_refused_with_the_reason(
    tmp_path: Path,
) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(
        "编号,主题,时间,内容\n"
        "1,路灯不亮,2019年2月28日 11时25分,坏了三天\n"
        "2,路灯不亮,2019-03-01T08:00:00+08:00,坏了\n"
        "3,路灯不亮,04/12/2018 11:11:26 AM,坏了\n"
        "4,路灯不亮,13/12/2018 11:11,坏了\n"
        "5,路灯不亮,,坏了\n",
        encoding="utf-8",
    )
    found = read_reports(file)
    assert found.ids == ["4", "1", "2"]
    assert [row for row, _ in found.refused] == [4, 6]
    assert "04/12/2018" in found.refused[0][1] and "write it like" in found.refused[1][1]
