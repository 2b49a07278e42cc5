"""Shapes of elements by id, for those who know which they want."""

from __future__ import annotations

from collections.abc import Collection

import shapely
from shapely.geometry.base import BaseGeometry

from cityloop.city.elements.models import Element

_CHUNK = 900


def shapes_of(ids: Collection[int]) -> dict[int, BaseGeometry]:
    """Shapes of current elements, lon/lat; those without one, or gone, are left out."""
    wanted, found = sorted(ids), {}
    for start in range(0, len(wanted), _CHUNK):
        rows = Element.objects.filter(
            pk__in=wanted[start : start + _CHUNK], valid_to__isnull=True, geometry__isnull=False
        ).values_list("pk", "geometry")
        found.update({pk: shapely.from_wkb(bytes(wkb)) for pk, wkb in rows})
    return found
