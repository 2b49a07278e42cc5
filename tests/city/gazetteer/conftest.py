"""A small town with streets, compounds, numbered buildings and public places as elements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import shapely
from tests.city.places.conftest import COMMUNITY, EAST_COMMUNITY, SUBDISTRICT, city, collection

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements import commands as elements
from cityloop.city.elements.domain import ElementRow
from cityloop.city.gazetteer.commands import follow
from cityloop.city.places import commands as places

WEST, SOUTH = 116.40, 39.90
ROWS: dict[str, list[tuple[str, str, str, float, float]]] = {
    "compound": [
        ("永安里小区", "Yonganli Estate", "", 116.403, 39.903),
        ("清和花园", "Qinghe Garden", "", 116.413, 39.903),
        ("金桂园", "Jingui Garden", "", 116.405, 39.915),
        ("金桂园", "Jingui Garden", "", 116.425, 39.905),
    ],
    "building": [
        ("永安里小区3号楼", "Yonganli Estate Building 3", "和平路12号", 116.4032, 39.9032),
        ("永安里小区5号楼", "Yonganli Estate Building 5", "和平路16号", 116.4036, 39.9034),
        ("清和花园3号楼", "Qinghe Garden Building 3", "", 116.4133, 39.9031),
        ("", "", "建设大街8号", 116.4151, 39.9031),
    ],
    "poi.hospital": [("东山医院", "Dongshan Hospital", "", 116.418, 39.916)],
    "poi.school": [("和平路小学", "Heping Road Primary School", "", 116.404, 39.9045)],
    "org.company": [("永安里商贸公司", "Yonganli Trading Co", "", 116.4034, 39.9031)],
}


def row(kind: str, code: str, zh: str, en: str, address: str, lon: float, lat: float) -> ElementRow:
    shape = None
    if kind in ("building", "compound"):
        shape = shapely.box(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
    return ElementRow(
        code=code, name=zh, name_en=en, address=address, lon=lon, lat=lat, geometry=shape
    )


def rows(kind: str) -> list[ElementRow]:
    return [row(kind, f"{kind}-{n}", *given) for n, given in enumerate(ROWS[kind])]


@pytest.fixture
def named_town(db: None, now: datetime) -> Callable[..., None]:
    """The town entered in the index; called with rows of a kind it enters those, too."""
    features = city()
    for feature in features:
        given = feature["properties"]
        if given["code"] == COMMUNITY:
            given |= {"name_zh": "望江社区", "name_en": "Wangjiang Community"}
        if given["code"] == EAST_COMMUNITY:
            given |= {"name_zh": "清溪社区", "name_en": "Qingxi Community"}
        if given["code"] == SUBDISTRICT:
            given |= {"name_zh": "春华街道", "name_en": "Chunhua Subdistrict"}
    places.import_areas(collection(*features), actor=SYSTEM, now=now)
    elements.register_profile_kinds(actor=SYSTEM, now=now)

    def take(kind: str, more: list[ElementRow]) -> None:
        elements.take(more, kind=kind, source="test", actor=SYSTEM, now=now)
        follow(now=now)

    for kind in ROWS:
        elements.take(rows(kind), kind=kind, source="test", actor=SYSTEM, now=now)
    follow(now=now)
    return take


@pytest.fixture
def crossing_town(named_town: Callable[..., None]) -> Callable[..., None]:
    """Two streets that cross, one of two parts with a gap at the other, and one by itself."""
    lines = [
        ("和平路", "Heping Road", [(116.401, 39.91), (116.4099, 39.91)]),
        ("和平路", "Heping Road", [(116.4101, 39.91), (116.418, 39.91)]),
        ("建设大街", "Jianshe Street", [(116.41, 39.901), (116.41, 39.919)]),
        ("长风街", "Changfeng Street", [(116.402, 39.902), (116.408, 39.902)]),
    ]
    named_town("street", [
        ElementRow(code=f"s{n}", name=zh, name_en=en, geometry=shapely.LineString(line))
        for n, (zh, en, line) in enumerate(lines)
    ])  # fmt: skip
    return named_town
