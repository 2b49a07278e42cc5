"""The standard over HTTP: JSON by default, plain HTML for a person who looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from cityloop.city.accounts.domain import Viewer
from cityloop.city.places import queries as places
from cityloop.city.profile import load_profile
from cityloop.hub.ogc import queries
from cityloop.hub.ogc.domain import telling
from cityloop.hub.ogc.domain.asked import asked, check_names, form_of
from cityloop.hub.ogc.domain.systems import CRS84, check_system, turned
from cityloop.hub.ogc.entry import reader_of
from cityloop.hub.ogc.profile import ogc_profile
from cityloop.kernel.errors import DomainError, NotFound

ROOT = "/ogc"
ALLOWED = "GET, HEAD, OPTIONS"
View = Callable[..., HttpResponseBase]
Told = tuple[dict[str, Any], str]  # document, media type


def answers(function: Callable[..., Told | HttpResponseBase]) -> View:
    """Makes a view of a function that returns (document, media type)."""

    @csrf_exempt  # reads alone
    @wraps(function)
    def view(request: HttpRequest, **given: str) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            refused = _exception(request, 405, "ogc.method", f"{request.method}: GET, HEAD alone.")
            refused["Allow"] = ALLOWED
            return _open(refused)
        if request.method == "OPTIONS":
            return _open(HttpResponse(status=204, headers={"Allow": ALLOWED}))
        try:
            if not ogc_profile().enabled:
                raise _nothing(request)
            form = form_of(request.GET.get("f"), request.headers.get("Accept", ""))
            answer = function(request, reader_of(request), **given)
        except DomainError as error:
            answer = _exception(request, error.status, error.code, error.message(_language()))
            if error.status == 401:
                answer["WWW-Authenticate"] = 'Bearer realm="CityLoop", Basic realm="CityLoop"'
            return _open(answer)
        if isinstance(answer, HttpResponseBase):
            return _open(answer)
        document, kind = answer
        if form == "html":
            return _open(render(request, "cityloop/ogc/page.html", _page(request, document)))
        shown = HttpResponse(msgspec.json.encode(document), content_type=kind)
        if kind == telling.GEOJSON:
            shown["Content-Crs"] = f"<{request.GET.get('crs', CRS84)}>"
        return _open(shown)

    return view


@answers
def landing(request: HttpRequest, viewer: Viewer) -> Told:
    check_names(dict(request.GET.lists()), ("f",))
    title = _title()
    said = "区域、网格、要素与办理中的案卷 Areas, cells, elements and open cases"
    return telling.landing(_root(request), title, said), telling.JSON


@answers
def conformance(request: HttpRequest, viewer: Viewer) -> Told:
    check_names(dict(request.GET.lists()), ("f",))
    return telling.conformance(), telling.JSON


@answers
def definition(request: HttpRequest, viewer: Viewer) -> Told:
    check_names(dict(request.GET.lists()), ("f",))
    found = telling.definition(_root(request), _title(), queries.offered(viewer))
    return found, telling.OPENAPI


@answers
def collections(request: HttpRequest, viewer: Viewer) -> Told:
    check_names(dict(request.GET.lists()), ("f",))
    return telling.collections(_root(request), queries.offered(viewer)), telling.JSON


@answers
def collection(request: HttpRequest, viewer: Viewer, name: str) -> Told:
    check_names(dict(request.GET.lists()), ("f",))
    found = queries.collection(viewer, name)
    return telling.collection(_root(request), found), telling.JSON


@answers
def items(request: HttpRequest, viewer: Viewer, name: str) -> Told:
    """GET collections/{id}/items."""
    told = queries.collection(viewer, name)
    wanted = asked(dict(request.GET.lists()), places.bounds(), told.properties)
    page = queries.features(viewer, told, wanted)
    stamp = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    here = f"{_root(request)}/collections/{told.id}/items"
    found = telling.feature_page(
        here,
        dict(request.GET.items()),
        [turned(one, wanted.crs) for one in page.features],
        after=page.after,
        stamp=stamp,
        matched=page.matched,
    )
    return found, telling.GEOJSON


@answers
def item(request: HttpRequest, viewer: Viewer, name: str, feature: str) -> Told:
    """GET collections/{id}/items/{featureId}."""
    check_names(dict(request.GET.lists()), ("f", "crs"))
    told = queries.collection(viewer, name)
    crs = check_system("crs", request.GET.get("crs", CRS84), list(told.systems))
    found = turned(queries.one(viewer, told, feature), crs)
    above = f"{_root(request)}/collections/{told.id}"
    links = [
        telling.link(f"{above}/items/{found['id']}", "self", telling.GEOJSON),
        telling.link(f"{above}/items/{found['id']}?f=html", "alternate", telling.HTML),
        telling.link(above, "collection", telling.JSON),
    ]
    return found | {"links": links}, telling.GEOJSON


@answers
def export(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponseBase:
    """A whole collection as one GeoJSON file, written as it is read."""
    check_names(dict(request.GET.lists()), ())
    told = queries.collection(viewer, name)
    answer = StreamingHttpResponse(_pieces(viewer, told), content_type=telling.GEOJSON)
    answer["Content-Disposition"] = f'attachment; filename="{told.id}.geojson"'
    return answer


@answers
def nothing(request: HttpRequest, viewer: Viewer, rest: str = "") -> Told:
    """Any other address."""
    raise _nothing(request)


def _pieces(viewer: Viewer, told: telling.Collection) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    mark = b""
    for found in queries.every(viewer, told):
        yield mark + msgspec.json.encode(found)
        mark = b",\n"
    yield b"]}"


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri(ROOT)


def _title() -> str:
    name = load_profile().settings.get("name", {})
    return f"{name.get('zh', '')} {name.get('en', '')}".strip() or "CityLoop"


def _language() -> str:
    return get_language() or "zh"


def _nothing(request: HttpRequest) -> NotFound:
    return NotFound(
        "ogc.address",
        f"There is nothing at {request.path[:120]}. See {ROOT}/.",
        f"{request.path[:120]} 不存在，见 {ROOT}/。",
    )


def _exception(request: HttpRequest, status: int, code: str, said: str) -> HttpResponse:
    body = msgspec.json.encode({"code": code, "description": said})
    return HttpResponse(body, status=status, content_type=telling.JSON)


def _open(answer: HttpResponseBase) -> HttpResponseBase:
    """A page of another host may read this with a token; a cookie is never sent along there."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Allow-Headers"] = "Authorization"
    answer["Access-Control-Expose-Headers"] = "Content-Crs"
    answer["Vary"] = "Accept, Accept-Language, Authorization, Cookie"
    return answer


def _page(request: HttpRequest, document: dict[str, Any]) -> dict[str, Any]:
    """What the HTML shows: links, the collections, features as a table."""
    features = document.get("features") or ([document] if "geometry" in document else [])
    names = list(dict.fromkeys(n for f in features[:50] for n in f["properties"]))[:14]
    return {
        "title": document.get("title") or request.path,
        "description": document.get("description", ""),
        "links": document.get("links", []),
        "classes": document.get("conformsTo", []),
        "collections": document.get("collections", []),
        "names": names,
        "rows": [(f["id"], [f["properties"].get(n) for n in names]) for f in features],
        "here": request.path.rstrip("/"),
        "json": f"{request.path}?f=json",
    }
