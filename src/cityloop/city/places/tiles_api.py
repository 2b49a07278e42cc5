"""Tiles over HTTP: outlines for every map of the platform, public as boundaries are."""

from __future__ import annotations

import gzip
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema

from cityloop.city.places import tiles
from cityloop.engines.tiles import Address

router = Router(tags=["places 区域与网格"])
FOR_EVER = "public, max-age=31536000, immutable"
Number = Annotated[int, Path(ge=0, le=2**31)]


class TileSetOut(Schema):
    name: str
    url: str
    minzoom: int
    maxzoom: int


class MapOut(Schema):
    """How to draw the map: tiles, box of all areas, whether the place is invented."""

    tiles: list[TileSetOut]
    bounds: list[float] | None
    cells: int
    synthetic: bool


@router.get("", response=MapOut, summary="地图瓦片集 Sets of tiles")
def read_map(request: HttpRequest) -> Any:
    found = tiles.map_outline(viewer=request.viewer)  # type: ignore[attr-defined]
    return {
        "tiles": [
            {
                "name": s.name,
                "url": f"/api/v1/places/tiles/{s.name}/{{z}}/{{x}}/{{y}}.pbf?v={s.version}",
                "minzoom": s.first_zoom,
                "maxzoom": s.last_zoom,
            }
            for s in found.sets
        ],
        "bounds": found.bounds.as_tuple() if found.bounds else None,
        "cells": found.cells,
        "synthetic": found.synthetic,
    }


@router.get(
    "/{layer}/{z}/{x}/{y}.pbf",
    response={200: None, 204: None, 304: None},
    summary="矢量瓦片 A vector tile",
)
def read_tile(
    request: HttpRequest,
    layer: str,
    z: Number,
    x: Number,
    y: Number,
    v: Annotated[str, Query(max_length=60, description="version, for caches")] = "",
) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    version, packed = tiles.tile_of(layer, Address(z, x, y), viewer=viewer)
    tag = f'"{layer}-{version}-{z}-{x}-{y}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    elif not packed:
        answer = HttpResponse(status=204)
    else:
        answer = _answer(packed, request.headers.get("Accept-Encoding", ""))
    answer["ETag"] = tag
    # An address without the present version may mean something else tomorrow.
    answer["Cache-Control"] = FOR_EVER if v and v == version else "no-cache"
    answer["Vary"] = "Accept-Encoding"
    return answer


def _answer(packed: bytes, accepted: str) -> HttpResponse:
    kind = "application/vnd.mapbox-vector-tile"
    if "gzip" not in accepted:
        return HttpResponse(gzip.decompress(packed), content_type=kind)
    answer = HttpResponse(packed, content_type=kind)
    answer["Content-Encoding"] = "gzip"
    return answer
