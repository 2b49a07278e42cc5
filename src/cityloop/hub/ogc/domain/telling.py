"""The documents of the standard: landing page, conformance, collections, API definition.

Source: OGC API - Features - Part 1: Core 1.0.1 (OGC 17-069r4), chapter 7 and annex A; Part 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cityloop.hub.ogc.domain.systems import CRS84

CONFORMS_TO = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
)
JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


@dataclass(frozen=True, slots=True)
class Collection:
    """What a collection says of itself. box: west, south, east, north; None = nothing there yet.

    kind: "area", "element" or "case"; key: level or kind of element. public: anybody may read it.
    properties: that may be asked for by their names. systems: that coordinates may be given in.
    """

    id: str
    kind: str
    key: str
    title: str
    description: str
    public: bool
    box: tuple[float, float, float, float] | None = None
    properties: tuple[str, ...] = ()
    systems: tuple[str, ...] = (CRS84,)


def link(href: str, rel: str, kind: str, title: str = "") -> dict[str, str]:
    """A link as RFC 8288 has it."""
    found = {"href": href, "rel": rel, "type": kind}
    return found | {"title": title} if title else found


def landing(root: str, title: str, description: str) -> dict[str, Any]:
    """The landing page; root without a slash at its end."""
    return {
        "title": title,
        "description": description,
        "links": [
            link(f"{root}/", "self", JSON, "this document"),
            link(f"{root}/?f=html", "alternate", HTML, "this document as HTML"),
            link(f"{root}/api", "service-desc", OPENAPI, "the API definition"),
            link(f"{root}/conformance", "conformance", JSON, "conformance classes"),
            link(f"{root}/collections", "data", JSON, "the collections"),
        ],
    }


def conformance() -> dict[str, Any]:
    return {"conformsTo": list(CONFORMS_TO)}


def collection(root: str, told: Collection) -> dict[str, Any]:
    """One collection with its links and its extent."""
    here = f"{root}/collections/{told.id}"
    found: dict[str, Any] = {
        "id": told.id,
        "title": told.title,
        "description": told.description,
        "itemType": "feature",
        "crs": list(told.systems),
        "storageCrs": CRS84,
        "links": [
            link(here, "self", JSON),
            link(f"{here}?f=html", "alternate", HTML),
            link(f"{here}/items", "items", GEOJSON, told.title),
            link(f"{here}/items?f=html", "items", HTML, told.title),
            link(f"{here}/export.geojson", "enclosure", GEOJSON, f"{told.title}: all"),
        ],
    }
    if told.box is not None:
        found["extent"] = {"spatial": {"bbox": [list(told.box)], "crs": CRS84}}
    return found


def collections(root: str, told: list[Collection]) -> dict[str, Any]:
    """All collections the reader may know of."""
    return {
        "links": [
            link(f"{root}/collections", "self", JSON),
            link(f"{root}/collections?f=html", "alternate", HTML),
        ],
        "collections": [collection(root, one) for one in told],
    }


def definition(root: str, title: str, told: list[Collection]) -> dict[str, Any]:
    """The API definition (OpenAPI 3.0)."""
    items = [
        _parameter("bbox", {"type": "array", "items": {"type": "number"}, "oneOf": [
            {"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]}),
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}),
        _parameter("crs", {"type": "string", "format": "uri"}),
        _parameter("bbox-crs", {"type": "string", "format": "uri"}),
        _parameter("offset", {"type": "integer", "minimum": 0, "default": 0}),
        _parameter("datetime", {"type": "string"}),
        _parameter("after", {"type": "string"}),
        _form(),
    ]  # fmt: skip
    paths: dict[str, Any] = {
        "/": _get("Landing page", [_form()]),
        "/conformance": _get("Conformance classes", [_form()]),
        "/collections": _get("Collections", [_form()]),
    }
    for one in told:
        here = f"/collections/{one.id}"
        paths[here] = _get(one.title, [_form()])
        own = [_parameter(name, {"type": "string"}) for name in one.properties]
        paths[f"{here}/items"] = _get(one.title, [*items, *own], GEOJSON)
        feature = {"name": "featureId", "in": "path", "required": True,
                   "schema": {"type": "string"}}  # fmt: skip
        paths[f"{here}/items/{{featureId}}"] = _get(one.title, [feature, _form()], GEOJSON)
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1.0.1"},
        "servers": [{"url": root}],
        "paths": paths,
    }


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name, "in": "query", "required": False, "style": "form", "explode": False,
        "schema": schema,
    }  # fmt: skip


def _form() -> dict[str, Any]:
    return _parameter("f", {"type": "string", "enum": ["json", "html"]})


def _get(summary: str, parameters: list[dict[str, Any]], kind: str = JSON) -> dict[str, Any]:
    answer = {"description": "OK", "content": {kind: {"schema": {"type": "object"}}}}
    said = {"type": "object", "required": ["code"], "properties": {
        "code": {"type": "string"}, "description": {"type": "string"}}}  # fmt: skip
    refused = {"description": "Refused", "content": {JSON: {"schema": said}}}
    return {
        "get": {"summary": summary, "parameters": parameters, "responses": {
            "200": answer, "default": refused}}
    }  # fmt: skip


def feature_page(
    here: str, asked: dict[str, str], features: list[dict[str, Any]], *, after: str | None,
    stamp: str, matched: int | None,
) -> dict[str, Any]:  # fmt: skip
    """A page of features; next while there are more.

    Args:
        here: address of the items. asked: the parameters of this request.
        stamp: when it was made, RFC 3339.
    """

    def again(**other: str) -> str:
        query = urlencode({k: v for k, v in asked.items() if k != "f"} | other, safe=",:/")
        return f"{here}?{query}" if query else here

    links = [link(again(), "self", GEOJSON), link(again(f="html"), "alternate", HTML)]
    if after is not None:
        asked.pop("offset", None)  # stepped over already
        links.append(link(again(after=after), "next", GEOJSON))
    found: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": features,
        "links": links,
        "timeStamp": stamp,
        "numberReturned": len(features),
    }
    return found | ({} if matched is None else {"numberMatched": matched})
