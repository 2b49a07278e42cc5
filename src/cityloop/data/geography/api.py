"""Geography over REST: a file is tried first, looked at on a map, then confirmed."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements import queries as registers
from cityloop.city.elements.commands import MOST_SHARE
from cityloop.city.places.domain import LEVEL_NAMES
from cityloop.city.refusals import Problem
from cityloop.data.geography import queries, uploads
from cityloop.data.geography.commands import Complete, import_file
from cityloop.data.geography.domain import GeographyMap
from cityloop.data.geography.rules import need_geographer
from cityloop.kernel.errors import DomainError

router = Router(tags=["geography 地理数据"])
ERRORS = {400: Problem, 401: Problem, 403: Problem, 404: Problem}
Line = Annotated[str, Form(max_length=200, pattern=r"^[^\x00]*$")]


class GeographyMapOut(Schema):
    """A mapping to choose from. registers: it writes elements, for which a file may be whole;
    numbers: it takes areas that have no codes."""

    key: str
    zh: str
    en: str
    registers: bool
    numbers: bool


class GeographyCount(Schema):
    """Elements of a kind; areas are called area.<level>. title: as people know it."""

    name: str
    title: str
    new: int
    changed: int
    same: int
    ended: int
    outside: int


class GeographyRefused(Schema):
    layer: str
    number: int
    key: str
    code: str
    message: str
    advice: str


class GeographyRepaired(Schema):
    """A shape that was mended; change of its area as a share (0..1)."""

    layer: str
    number: int
    key: str
    reason: str
    change: float


class GeographyArea(Schema):
    """An area of the file; numbered: its code is new, by the template of the profile."""

    level: str
    code: str
    name: str
    parent: str
    numbered: bool


class GeographyMissingElement(Schema):
    code: str
    name: str


class GeographyMissing(Schema):
    """What a whole file has no more, of `of` elements of a kind; held: too many, none retired."""

    kind: str
    title: str
    of: int
    gone: int
    held: bool
    shown: list[GeographyMissingElement]


class GeographySkipped(Schema):
    reason: str
    count: int
    message: str


class GeographyUnread(Schema):
    """An own field whose texts could not be understood, and how often."""

    name: str
    count: int


class GeographyReport(Schema):
    """What an import did or would do. read = counts + refused_count + skipped.

    confirm: the key that carries out just this dry run, for a day; None after it was carried out.
    """

    written: bool
    read: int
    systems: dict[str, str]
    bounds: list[float] | None
    counts: list[GeographyCount]
    refused_count: int
    refused: list[GeographyRefused]
    repaired_count: int
    repaired: list[GeographyRepaired]
    areas: list[GeographyArea]
    missing: list[GeographyMissing]
    skipped: list[GeographySkipped]
    unread: list[GeographyUnread]
    without_households: int
    remarks: list[str]
    preview: dict[str, Any]
    confirm: str | None


class GeographyConfirm(Schema):
    key: Annotated[str, Form(max_length=700_000)]


@router.get("/mappings", response={200: list[GeographyMapOut], **ERRORS}, summary="映射 Mappings")
def list_geography_mappings(request: HttpRequest) -> Any:
    need_geographer(_viewer(request))
    return queries.mappings()


@router.post("/imports", response={200: GeographyReport, **ERRORS}, summary="试导入 Try an import")
def try_geography(
    request: HttpRequest,
    file: Annotated[UploadedFile, File()],
    mapping: Annotated[str, Form(max_length=80)] = "",
    mapping_text: Annotated[str, Form(max_length=500_000)] = "",
    crs: Line = "",
    anchor: Line = "",
    area_codes: Annotated[str, Form(max_length=5_000, pattern=r"^[^\x00]*$")] = "",
    complete: Line = "",
    most_missing: Annotated[float, Form(ge=0, le=1)] = MOST_SHARE,
) -> Any:
    """A dry run: what the file would bring, with the key by which it is confirmed.

    OpenStreetMap, GeoJSON, GeoPackage, zipped shapefile, table or SUMO network; a mapping by its
    name or as TOML; the coordinate system (EPSG:4548, gcj02, ...) where the file does not say it;
    for networks without projection the place of their origin, "lon,lat".

    area_codes: NAME=CODE, by line, of areas that a file of boundaries has without codes.
    complete: the file is whole for its kinds, everywhere ("*") or in the area of this code: what
    it has no more is retired, unless more than the share most_missing of a kind would go.
    """
    viewer = _viewer(request)
    need_geographer(viewer)
    _mapping(mapping, mapping_text)
    stored = uploads.keep(file, file.name or "file")
    told = {"file": stored, "mapping": mapping, "text": mapping_text, "crs": crs,
            "anchor": anchor, "area_codes": area_codes, "complete": complete,
            "most_missing": most_missing, "user": viewer.user_id}  # fmt: skip
    try:
        shown = _run(told, viewer, dry_run=True)
    except DomainError:
        uploads.forget(stored)
        raise
    return shown | {"confirm": uploads.signed(told)}


@router.post(
    "/imports/confirm", response={200: GeographyReport, **ERRORS}, summary="确认导入 Confirm"
)
def confirm_geography(request: HttpRequest, given: GeographyConfirm) -> Any:
    """Carry out what was tried: same file, mapping and system."""
    viewer = _viewer(request)
    need_geographer(viewer)
    told = uploads.opened(given.key, user_id=viewer.user_id)
    shown = _run(told, viewer, dry_run=False)
    if shown["written"]:
        uploads.forget(told["file"])
    return shown | {"confirm": None}


def _run(told: dict[str, Any], viewer: Viewer, *, dry_run: bool) -> dict[str, Any]:
    with uploads.local_path(told["file"]) as path:
        report = import_file(
            path, _mapping(told["mapping"], told["text"]), crs=told["crs"],
            anchor=_anchor(told["anchor"]), complete=_complete(told),
            area_codes=_area_codes(told.get("area_codes", "")), dry_run=dry_run,
            actor=viewer, now=timezone.now(),
        )  # fmt: skip
    language = get_language() or "zh"  # of the page; a person's own may be another
    shown = report.as_dict(language)
    titles = _titles(zh=language.startswith("zh"))
    for row in shown["counts"]:
        row["title"] = titles.get(row["name"], row["name"])
    for row in shown["missing"]:
        row["title"] = titles.get(row["kind"], row["kind"])
    return shown


def _titles(*, zh: bool) -> dict[str, str]:
    """Names of kinds and levels as people know them."""
    found = {f"area.{level}": names[0 if zh else 1] for level, names in LEVEL_NAMES.items()}
    kinds = registers.kinds().items()
    return found | {code: spec.name_zh if zh else spec.name_en for code, spec in kinds}


def _mapping(name: str, text: str) -> GeographyMap:
    if bool(name) == bool(text):
        names = ", ".join(m.key for m in queries.mappings())
        raise DomainError(
            "geography.map",
            f"Give a mapping by its name ({names}) or as TOML text, one of them.",
            f"请以名称（{names}）或 TOML 文本指定映射，二选一。",
            where="mapping",
        )
    return queries.mapping_text(text) if text else queries.mapping(name)


def _area_codes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, _, code = (part.strip() for part in line.rpartition("="))
        if not name or not code:
            raise DomainError(
                "geography.area_codes",
                f"{line[:60]!r} is not NAME=CODE, for example 朝阳区=110105; one a line.",
                f"{line[:60]!r} 应为 名称=编码，例如 朝阳区=110105，每行一个。",
                where="area_codes",
            )
        found[name] = code
    return found


def _complete(told: dict[str, Any]) -> Complete | None:
    # .get: keys given out before there was the question say nothing of it
    area = told.get("complete", "")
    return Complete(area, told["most_missing"]) if area else None


def _anchor(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise DomainError(
            "geography.anchor",
            f"anchor {text[:40]!r} is not lon,lat in degrees, for example 120.15,30.28.",
            f"anchor {text[:40]!r} 应为 经度,纬度，例如 120.15,30.28。",
            where="anchor",
        ) from None
    return lon, lat


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined,no-any-return]
