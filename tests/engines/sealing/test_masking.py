"""What is shown of personal data by default."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.sealing import (
    MASKS,
    mask_address,
    mask_email,
    mask_id_number,
    mask_name,
    mask_phone,
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("欧阳娜娜", "欧*"),
        (" 李 ", "李*"),
        ("葛\U000e0100城", "葛\U000e0100*"),
        ("𠮷野", "𠮷*"),
        ("Smith", "S*"),
        ("", ""),
    ],
)
def test_name_shows_its_first_character(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812341234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("0755-12345678", "075*****5678"),
        ("12345678", "****78"),
        ("12345", "****"),
        ("no number", "****"),
        ("", ""),
    ],
)
def test_phone_hides_its_middle(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("email", "shown"),
    [("wang@example.cn", "w***@example.cn"), ("wang", "***"), ("@a.cn", "***"), ("", "")],
)
def test_email_shows_first_letter_and_host(email, shown):
    assert mask_email(email) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("11010519491231002X", "1" + "*" * 16 + "X"), ("12", "**"), ("123", "1*3"), ("", "")],
)
def test_id_number_shows_first_and_last(number, shown):
    assert mask_id_number(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("朝阳区望京街道阜通东大街6号院3号楼1201室", "朝阳区望京街道阜通东大街***"),
        ("福田区深南大道１００１号", "福田区深南大道***"),
        ("花园小区甲3栋二单元502", "花园小区***"),
        ("幸福里小区12-3-401", "幸福里小区***"),
        ("西乡街道盐田社区", "西乡街道盐田社区***"),
        ("长安路 88", "长安路***"),
        ("老王家隔壁", "***"),
        ("", ""),
    ],
)
def test_address_is_hidden_from_the_door_on(address, shown):
    assert mask_address(address) == shown


@given(st.sampled_from(sorted(MASKS)), st.text(st.characters(categories=["Nd", "Lo"]), min_size=2))
def test_no_mask_shows_its_value_whole(kind, value):
    assert value not in MASKS[kind](value)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_mobile_number_never_shows_eleven_digits(phone):
    assert sum(char.isdigit() for char in mask_phone(phone)) == 7
