"""Numbers with a form of their own, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.privacy import Kind, Mode, find, mask
from cityloop.engines.privacy.numbers import card_checks, id_checks

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_text = st.text(alphabet="路灯坏了，。很久没人修请处理 abc", max_size=30)


def _id_number(region: int, year: int, month: int, day: int, order: int) -> str:
    body = f"{region:06d}{year:04d}{month:02d}{day:02d}{order:03d}"
    total = sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


id_numbers = st.builds(
    _id_number,
    st.integers(110000, 659999),
    st.integers(1930, 2019),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 999),
)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
WRITTEN = (
    lambda n: n,
    lambda n: f"{n[:3]} {n[3:7]} {n[7:]}",
    lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}",
    lambda n: f"+86 {n}",
    lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n),
)


@given(before=_text, after=_text, number=mobiles, way=st.sampled_from(WRITTEN))
def test_mobile_in_any_writing_nothing_of_it_is_left(before, after, number, way) -> None:
    written = way(number)
    shown = mask(before + written + after).text
    assert written not in shown
    assert "手机号" in shown


@given(before=_text, after=_text, number=id_numbers)
def test_id_number_is_masked_with_right_and_wrong_check(before, after, number) -> None:
    assert id_checks(number)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert not id_checks(wrong)
    for written in (number, wrong, number.lower()):
        found = find(before + written + after)
        assert [one.kind for one in found] == [Kind.ID_NUMBER]
        assert found[0].of(before + written + after) == written


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("打0731-85012345没人接", Kind.LANDLINE, "0731-85012345"),
        ("咨询电话：2495667（办公室）", Kind.LANDLINE, "2495667"),
        ("车牌京A·12345乱停", Kind.PLATE, "京A·12345"),
        ("湘AD12345堵门", Kind.PLATE, "湘AD12345"),
        ("寄到 li.lei@example.cn 即可", Kind.EMAIL, "li.lei@example.cn"),
        ("微信号：abc_12345", Kind.ACCOUNT, "abc_12345"),
        ("卡号 6222 0202 0001 1234 561", Kind.BANK_CARD, "6222 0202 0001 1234 561"),
        ("护照号 E12345678", Kind.PASSPORT, "E12345678"),
        ("身份证号：430321195602*****12", Kind.ID_NUMBER, "430321195602*****12"),
        ("call +44 20 7946 0958 please", Kind.LANDLINE, "+44 20 7946 0958"),
    ],
)
def test_number_of_a_kind_is_found_whole(text: str, kind: Kind, value: str) -> None:
    assert [(one.kind, one.of(text)) for one in find(text)] == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "2019-09-05 17:46 至今没有路灯",
        "欠款343720.02元，共1300户",
        "编号 CL20260102000123 的案件",
        "开发商2018年11月30日交房，面积128.5平方米",
        "2019年3月12日拨打12345",
    ],
)
def test_dates_sums_and_case_numbers_are_left(text: str) -> None:
    assert find(text, Mode.PLAIN) == ()


def test_card_check_refuses_other_lengths_and_digits() -> None:
    assert card_checks("4111 1111 1111 1111")
    assert not card_checks("4111 1111 1111 1112")
    assert not card_checks("411111111111")
