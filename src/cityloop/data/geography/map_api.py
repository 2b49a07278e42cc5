"""The map of the registers over HTTP: the baked file by ranges, tiles by layer."""

from __future__ import annotations

import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema

from cityloop.city.refusals import Problem
from cityloop.data.geography.baking import serving
from cityloop.engines.tiles import Address
from cityloop.kernel.errors import NotFound

router = Router(tags=["geography 地理数据"])
Number = Annotated[int, Path(ge=0, le=2**31)]
MOST_BYTES = 8 * 1024 * 1024  # of one answer; programs ask for directories and tiles
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


class BaseLayerOut(Schema):
    """A layer; `url` holds its stamp, so that a changed layer has another address."""

    name: str
    url: str
    baked: bool


class BaseMapOut(Schema):
    layers: list[BaseLayerOut]
    file: str | None
    version: str


@router.get(
    "", response={200: BaseMapOut, 401: Problem, 403: Problem}, summary="底图图层 Map layers"
)
def read_base_map(request: HttpRequest) -> Any:
    states, found = serving.layer_states(request.viewer)  # type: ignore[attr-defined]
    root = "/api/v1/places/base"
    return {
        "layers": [
            {"name": s.name, "url": f"{root}/{s.name}/{{z}}/{{x}}/{{y}}.pbf", "baked": s.baked}
            for s in states
        ],
        "file": f"{root}/city.pmtiles" if found else None,
        "version": found.version if found else "",
    }


@router.get("/city.pmtiles", response={200: None, 206: None, 404: Problem}, summary="PMTiles")
def read_pmtiles(request: HttpRequest) -> HttpResponse:
    """The baked map, by HTTP ranges as PMTiles readers ask; whole when no range is given."""
    _, found = serving.layer_states(request.viewer)  # type: ignore[attr-defined]
    if found is None:
        raise NotFound(
            "tiles.not_baked",
            "The map has not been baked yet: `cityloop tiles bake` on the server.",
            "尚未烘焙地图：请在服务器上运行 cityloop tiles bake。",
        )
    size = found.path.stat().st_size
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted is None:
        from django.http import FileResponse

        whole: Any = FileResponse(found.path.open("rb"), content_type="application/vnd.pmtiles")
        return _marked(whole, found.version)
    first = int(wanted[1])
    last = min(int(wanted[2] or size - 1), size - 1, first + MOST_BYTES - 1)
    if first > last:
        answer = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    with found.path.open("rb") as file:
        file.seek(first)
        body = file.read(last - first + 1)
    answer = HttpResponse(body, status=206, content_type="application/vnd.pmtiles")
    answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    return _marked(answer, found.version)


@router.get(
    "/{layer}/{z}/{x}/{y}.pbf",
    response={200: None, 204: None, 304: None, 404: Problem},
    summary="底图瓦片 A tile of the map",
)
def read_base_tile(
    request: HttpRequest, layer: str, z: Number, x: Number, y: Number
) -> HttpResponse:
    """From the baked map, or drawn from the registers where the layer has changed since."""
    viewer = request.viewer  # type: ignore[attr-defined]
    stamp, body = serving.tile_of(viewer, layer, Address(z, x, y))
    tag = f"{layer}-{z}-{x}-{y}-{hash_of(stamp)}"
    if request.headers.get("If-None-Match") == f'"{tag}"':
        answer = HttpResponse(status=304)
    elif not body:
        answer = HttpResponse(status=204)
    else:
        answer = HttpResponse(body, content_type="application/vnd.mapbox-vector-tile")
    answer["Cache-Control"] = "private, no-cache"
    answer["ETag"] = f'"{tag}"'
    return answer


def hash_of(stamp: str) -> str:
    """A short name of a stamp; stamps of many kinds are long."""
    import hashlib

    return hashlib.blake2b(stamp.encode(), digest_size=8).hexdigest()


def _marked(answer: Any, version: str) -> Any:
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = f'"{version}"'
    answer["Cache-Control"] = "private, no-cache"
    return answer
