"""A district as columns: millions of things without an object for each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import numpy as np
import shapely
from numpy.typing import NDArray

from cityloop.engines.district.ground import CENTRE, DEGREE_DIGITS
from cityloop.engines.district.names import Name

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
DISTRICT_CODE = "990201"  # no province has the number 99


@dataclass(frozen=True, slots=True)
class WideDistrict:
    """A synthetic district of any size. Coordinates are metres around `ground.CENTRE`, whole
    decimetres for borders; `degrees` converts. Every thing that is exported from it has to say
    that it is synthetic.

    Columns of one prefix have equal length; a column named like another thing holds positions in
    that thing's columns (-1 = none).
    """

    size: str
    seed: int
    name: Name
    outline: shapely.Polygon
    # areas, in the order of their codes
    subdistrict_shape: Shapes
    subdistrict_name: list[Name]
    community_shape: Shapes
    community_subdistrict: Ints
    community_name: list[Name]
    # blocks: exact coverage of the district; use: `Use`
    block_shape: Shapes
    block_use: Ints
    block_community: Ints
    compound_block: Ints
    compound_name: list[Name]
    # streets as they are named, edges from junction to junction; way: sizes.Way
    street_shape: Shapes
    street_way: Ints
    street_name: list[Name]
    edge_shape: Shapes
    edge_way: Ints
    edge_street: Ints
    # buildings, by block
    building_shape: Shapes
    building_xy: Floats
    building_block: Ints
    building_number: Ints
    building_floors: Ints
    building_households: Ints
    building_sizes: Ints  # households of 1, 2, 3, 4, 5+ people, shape (b, 5)
    # street furniture, by class (furniture.CLASSES)
    part_class: NDArray[np.int8]
    part_xy: Floats
    part_edge: Ints
    # places (places.KINDS)
    place_kind: NDArray[np.int8]
    place_xy: Floats
    place_block: Ints
    # bus lines: numbers of stops in order; the edges they follow
    bus_stops: list[Ints]
    bus_path: list[Ints]
    stop_xy: Floats
    stop_edge: Ints
    # ground
    water: shapely.Geometry
    railway: shapely.LineString
    core: list[Name]  # the two characters of each community

    @property
    def households(self) -> int:
        """All households."""
        return int(self.building_households.sum())

    def community_households(self) -> Ints:
        """Households of each community."""
        community = self.block_community[self.building_block]
        n = len(self.community_shape)
        return np.bincount(community, self.building_households, n).astype(np.int64)

    def subdistrict_code(self, k: int) -> str:
        """Nine digits."""
        return f"{DISTRICT_CODE}{k + 1:03d}"

    def community_codes(self) -> list[str]:
        """Twelve digits each; numbers begin with 1 in every subdistrict."""
        above = self.community_subdistrict
        order = np.arange(len(above)) - np.searchsorted(above, above) + 1
        return [
            f"{self.subdistrict_code(s)}{n:03d}"
            for s, n in zip(above.tolist(), order.tolist(), strict=True)
        ]  # fmt: skip

    def compound_of_block(self) -> Ints:
        """Position of the compound of each block, -1 where nobody lives."""
        found = np.full(len(self.block_shape), -1, np.int64)
        found[self.compound_block] = np.arange(len(self.compound_block))
        return found

    def fingerprint(self) -> str:
        """SHA-256 over every column: equal for equal size and seed, in every process."""
        digest = hashlib.sha256()
        for field in fields(self):
            value = getattr(self, field.name)
            digest.update(field.name.encode())
            digest.update(_bytes(value))
        return digest.hexdigest()


def degrees(shapes: Shapes) -> Shapes:
    """Shapes in metres as rounded longitude and latitude; common vertices stay common."""
    return np.asarray(shapely.transform(shapes, _lonlat), dtype=object)


def lonlat(xy: Floats) -> Floats:
    """Points in metres as rounded longitude and latitude, shape (n, 2)."""
    return _lonlat(np.asarray(xy, np.float64))


def _lonlat(xy: Floats) -> Floats:
    lon, lat = CENTRE.to_lonlat(xy[:, 0], xy[:, 1])
    return np.asarray(np.round(np.stack([lon, lat], axis=1), DEGREE_DIGITS), np.float64)


def _bytes(value: object) -> bytes:
    if isinstance(value, shapely.Geometry):
        value = np.array([value], dtype=object)
    if isinstance(value, np.ndarray):
        if value.dtype != object:
            return np.ascontiguousarray(value).tobytes()
        xy, owner = shapely.get_coordinates(value, return_index=True)
        whole = np.round(xy * 100).astype(np.int64)
        return bytes(whole.tobytes() + owner.astype(np.int64).tobytes())
    if isinstance(value, list) and value and isinstance(value[0], np.ndarray):
        return b"".join(v.astype(np.int64).tobytes() + b";" for v in value)
    return repr(value).encode()
