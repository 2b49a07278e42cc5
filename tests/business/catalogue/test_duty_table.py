"""The duty table finds the closest pattern, then the smallest area."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cityloop.business.catalogue.domain import DutyInfo, DutyTable, patterns_of

PATTERNS = ["*", "E*", "E03*", "E0301", "C01*"]
ROWS = st.lists(
    st.builds(
        DutyInfo,
        st.sampled_from(PATTERNS),
        st.sampled_from([None, 1, 2, 3]),
        st.sampled_from(["a", "b"]),
    ),
    max_size=12,
)


def test_exact_class_everywhere_beats_a_wide_pattern_in_the_area() -> None:
    table = DutyTable([DutyInfo("E*", 2, "local"), DutyInfo("E0301", None, "exact")])
    found = table.find("E0301", (1, 2))
    assert found is not None and found.lead == "exact"


def test_smallest_area_wins_within_a_pattern() -> None:
    rows = [DutyInfo("E03*", a, f"in {a}") for a in (None, 1, 2)]
    found = [DutyTable(rows).find("E0301", path) for path in ((1, 2), (1, 9), (8,))]
    assert [f.lead for f in found if f] == ["in 2", "in 1", "in None"]


@given(ROWS, st.sampled_from(["E0301", "E0401", "C0101"]), st.permutations([1, 2, 3]))
def test_nothing_closer_is_left_lying(rows: list[DutyInfo], key: str, path: list[int]) -> None:
    order = patterns_of(key)

    def closeness(row: DutyInfo) -> tuple[int, int]:
        place = len(path) if row.area_id is None else path[::-1].index(row.area_id)
        return order.index(row.pattern), place

    fitting = [row for row in rows if row.pattern in order]
    expected = min(fitting, key=closeness) if fitting else None
    assert DutyTable(rows).find(key, path) == expected
