"""Kinds, rows, own fields and the mesh: values only."""

from cityloop.city.elements.domain.fields import FieldCheck
from cityloop.city.elements.domain.kinds import (
    FAMILY_NAMES,
    GEOMETRY_NAMES,
    Family,
    GeometryKind,
    KindSpec,
)
from cityloop.city.elements.domain.mesh import Box, mesh_keys, mesh_ranges
from cityloop.city.elements.domain.rows import ElementRow, Missing, Refusal, Taken

__all__ = [
    "FAMILY_NAMES",
    "GEOMETRY_NAMES",
    "Box",
    "ElementRow",
    "Family",
    "FieldCheck",
    "GeometryKind",
    "KindSpec",
    "Missing",
    "Refusal",
    "Taken",
    "mesh_keys",
    "mesh_ranges",
]
