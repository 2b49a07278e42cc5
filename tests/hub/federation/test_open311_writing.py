from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.hub.federation.domain.public_text import public_text
from cityloop.hub.federation.domain.writing import read_xml, written


def test_list_of_requests_as_xml() -> None:
    value = [{"service_request_id": "7", "description": None, "lat": 39.5}]
    assert written("service_requests", value, "xml").decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<service_requests><request><service_request_id>7</service_request_id>"
        "<description /><lat>39.5</lat></request></service_requests>"
    )


def test_definition_with_values_as_xml() -> None:
    value = {"service_code": "E1", "attributes": [{"variable": True, "values": [{"key": "1"}]}]}
    made = ElementTree.fromstring(written("service_definition", value, "xml"))
    assert made.findtext("attributes/attribute/variable") == "true"
    assert made.findtext("attributes/attribute/values/value/key") == "1"


@given(st.text())
def test_any_text_makes_wellformed_xml_that_reads_back(text: str) -> None:
    raw = written("errors", [{"code": 400, "description": text}], "xml")
    found = read_xml(raw)
    assert found[0]["code"] == "400"


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><services>&a;</services>',
        b"<services>",
        b"",
        b"{}",
    ],
)
def test_xml_with_entities_or_none_at_all_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"XML|document type"):
        read_xml(raw)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我叫张三丰，电话13800138000", "我叫张*，电话138****8000"),
        ("联系人：李四 010-65123456", "联系人：李* 010****3456"),
        ("本人叫王小明，住A区", "本人叫王*，住A区"),
        ("My name is John Smith, call me", "My name is J*, call me"),
        ("路灯不亮三天了", "路灯不亮三天了"),
        ("请写信到 zhang@example.cn", "请写信到 z***@example.cn"),
    ],
)
def test_public_text_hides_numbers_and_announced_names(text: str, shown: str) -> None:
    assert public_text(text) == shown


def test_public_text_is_cut_after_masking() -> None:
    made = public_text("长" * 3995 + "13800138000")
    assert len(made) == 4000 and "138001" not in made
