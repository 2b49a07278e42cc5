"""Names by which people find places (地名): added, never doubled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.places import queries
from cityloop.city.places.commands.version import places_changed
from cityloop.city.places.models import PlaceName
from cityloop.city.places.rules import need_area_keeper
from cityloop.engines.locating.variants import RANK
from cityloop.engines.locating.words import tokens_of
from cityloop.kernel.errors import DomainError
from cityloop.kernel.geo import check_lonlat, to_wgs84

_BATCH = 1000


class NewName(NamedTuple):
    """A name with its place: a point in a declared system, or the code of an area, or both.

    kind: building, junction ("street/street"), poi, compound, street, community ...
    """

    name: str
    kind: str
    area_code: str = ""
    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"


class PlacedName(NamedTuple):
    """A name whose area is known. lon, lat: WGS84 degrees."""

    name: str
    kind: str
    area_id: int
    lon: float | None
    lat: float | None


def add_names(names: Iterable[NewName], *, actor: Viewer, now: datetime) -> int:
    """Add names of places, all or none; how many are new.

    Raises: DomainError names.length, names.kind, names.nowhere, or one of `check_lonlat`.
    """
    return write_names([placed_name(new) for new in names], actor=actor, now=now)


def placed_name(new: NewName) -> PlacedName:
    """The name with the area it lies in. Raises: as `add_names`."""
    _check_words(new)
    area_id = queries.tree().by_code(new.area_code).id if new.area_code else None
    lon = lat = None
    if new.lon is not None and new.lat is not None:
        check_lonlat(new.lon, new.lat, bounds=queries.bounds(), where="lon")
        lon, lat = to_wgs84(new.lon, new.lat, new.crs)
        if area_id is None:
            cell = int(queries.locate([lon], [lat])[0][0])
            area_id = cell if cell >= 0 else None
    if area_id is None:
        raise DomainError(
            "names.nowhere",
            f"{new.name} needs lon and lat within the cells, or an area_code: a name that leads "
            "nowhere is no use.",
            f"“{new.name}”须给出网格范围内的经纬度，或区域编码。",
            where="area_code",
        )
    return PlacedName(new.name, new.kind, area_id, lon, lat)


def write_names(names: Sequence[PlacedName], *, actor: Viewer, now: datetime) -> int:
    """Write those that are not there yet, in one transaction; how many."""
    need_area_keeper(actor)
    with write():
        rows = PlaceName.objects.values_list("name", "kind", "area_id", "lon", "lat")
        fresh = list(dict.fromkeys(map(tuple, names)).keys() - set(rows))
        fields = PlacedName._fields
        PlaceName.objects.bulk_create(
            (PlaceName(**dict(zip(fields, key, strict=True))) for key in sorted(fresh, key=str)),
            batch_size=_BATCH,
        )
        if fresh:
            data = {"added": len(fresh), "version": places_changed()}
            record(Draft("places.names_imported", "places", 1, data), actor=actor, now=now)
    return len(fresh)


def _check_words(new: NewName) -> None:
    if not 0 < len(new.name) <= 120 or "\x00" in new.name or not tokens_of(new.name):
        raise DomainError(
            "names.length",
            f"A name has 1-120 characters, letters, digits or hanzi among them: {new.name!r:.60}.",
            f"地名须为 1-120 字且含文字或数字：{new.name!r:.60}。",
            where="name",
        )
    if new.kind not in RANK:
        raise DomainError(
            "names.kind",
            f"{new.kind!r:.40} is no kind of place; allowed: {', '.join(RANK)}.",
            f"地名类别 {new.kind!r:.40} 无效，可选：{'、'.join(RANK)}。",
            where="kind",
            details={"allowed": list(RANK)},
        )
