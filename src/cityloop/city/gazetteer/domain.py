"""What is entered of a place, and what a search answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from cityloop.engines.addresses import BUILDING, Number, is_hanzi, name_hash, parse, plain, stem_of
from cityloop.engines.locating.variants import RANK, variants_of
from cityloop.engines.locating.words import tokens_of

MESH_DEG = 0.002  # about 200 m: a reverse look-up reads nine of them
_COLUMNS = 1 << 20
PRIVATE_KINDS = ("org.", "matter.", "household")  # found by those who work, not by everybody
PUBLIC_ANYWAY = ("org.public",)
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A place with its name, as areas, place names and elements give it. lon, lat: WGS84."""

    source: str
    source_id: int
    kind: str
    name_zh: str
    name_en: str = ""
    address: str = ""
    detail: str = ""
    area: int | None = None
    lon: float | None = None
    lat: float | None = None
    public: bool = True


@dataclass(frozen=True, slots=True)
class HouseEntry:
    """A number under a name."""

    entry: Entry
    stem: str
    number: str
    unit: str


def mesh_of(lon: float, lat: float) -> int:
    """The square a point lies in."""
    return floor((lat + 90) / MESH_DEG) * _COLUMNS + floor((lon + 180) / MESH_DEG)


def meshes_around(lon: float, lat: float, *, rings: int = 1) -> list[int]:
    """The square of a point and those around it."""
    steps = range(-rings, rings + 1)
    return [mesh_of(lon, lat) + i * _COLUMNS + j for i in steps for j in steps]


def kind_of(detail: str) -> str:
    """The kind of place an element is, as engines.locating has them."""
    if detail == "address":
        return "building"
    return detail if detail in RANK else "poi"


def is_public(detail: str) -> bool:
    """Whether everybody may find elements of a kind."""
    return detail in PUBLIC_ANYWAY or not detail.startswith(PRIVATE_KINDS)


def houses_of(entry: Entry) -> list[HouseEntry]:
    """The numbers by which a place is found: 3号楼 of 永安里小区, 12号 of 和平路."""
    found: dict[tuple[str, str], HouseEntry] = {}
    for name in (entry.name_zh, entry.name_en) if entry.kind == "building" else ():
        stem, number = stem_of(name)
        if number is not None and len(stem) >= _SHORTEST:
            found[stem_key(stem), number.value] = HouseEntry(entry, stem, number.value, number.unit)
    parts = parse(entry.address)
    for place, name in enumerate(parts.names):
        own: Number | None = parts.number_of(place)
        if own is not None and len(name) >= _SHORTEST:
            found[stem_key(name), own.value] = HouseEntry(entry, name, own.value, own.unit)
    return list(found.values())


def is_numbered(entry: Entry) -> bool:
    """Whether a name is only a number under another name, and so no name of its own."""
    return entry.kind == "building" and stem_of(entry.name_zh)[1] is not None


def stem_key(name: str) -> str:
    """A name as its houses carry it: 永安里小区 and 永安里 are one."""
    tokens = tokens_of(plain(name))
    if not tokens:
        return ""
    shortest = min(variants_of(tokens, "compound"), key=len)
    return " ".join(shortest)


def stem_hash(name: str) -> int:
    """The same as a number."""
    return name_hash(tuple(stem_key(name).split()))


def spellings_of(name_zh: str, name_en: str, kind: str) -> set[int]:
    """Hashes of all ways to write a name."""
    found: set[int] = set()
    for name in filter(None, (name_zh, name_en)):
        tokens = tokens_of(plain(name))
        if len(tokens) >= _SHORTEST or (tokens and len(tokens[0]) > _SHORTEST):
            found.update(name_hash(variant) for variant in variants_of(tokens, kind))
    return found


def stem_kind(house: HouseEntry) -> str:
    """What a name is of which only numbers are registered."""
    if house.unit == BUILDING:
        return "compound"
    ends = ("路", "街", "道", "巷", "胡同", "里", "弄")
    hanzi = any(map(is_hanzi, house.stem))
    return "street" if house.stem.endswith(ends) or not hanzi else "compound"
