"""Help in place over REST."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Path, Router, Schema
from ninja.responses import Status
from pydantic import Field

from cityloop.hub.guide import commands, queries

router = Router(tags=["help 帮助"])
Tour = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,40}$")]


class GuideLine(Schema):
    role: str
    title: str
    own: bool


class GuideNode(Schema):
    """An element with its children, or a text."""

    text: str | None = None
    tag: str | None = None
    id: str | None = None
    href: str | None = None
    src: str | None = None
    alt: str | None = None
    children: list[GuideNode] = Field(default_factory=list)


class GuideOut(Schema):
    role: str
    title: str
    nodes: list[GuideNode]


class ToursOut(Schema):
    seen: list[str]


@router.get("/guide", response=list[GuideLine], summary="指南目录 Guides")
def guides(request: HttpRequest) -> Any:
    return queries.guides(request.viewer, _language())  # type: ignore[attr-defined]


@router.get("/guide/{role}", response=GuideOut, summary="岗位指南 Guide of a post")
def guide(request: HttpRequest, role: str) -> Any:
    return queries.guide(role, _language())


@router.get("/pictures/{name}", summary="指南图片 Picture of a guide")
def picture(request: HttpRequest, name: str) -> Any:
    answer = FileResponse(queries.picture(name).open("rb"), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@router.get("/tours", response=ToursOut, summary="已看过的引导 Tours seen")
def tours(request: HttpRequest) -> Any:
    return {"seen": queries.seen_tours(request.viewer)}  # type: ignore[attr-defined]


@router.put("/tours/{tour}", response={204: None}, summary="看过引导 Tour seen")
def see(request: HttpRequest, tour: Tour) -> Status[None]:
    commands.see_tour(tour, actor=request.viewer, now=timezone.now())  # type: ignore[attr-defined]
    return Status(204, None)


@router.delete("/tours", response={204: None}, summary="重看引导 Tours again")
def again(request: HttpRequest) -> Status[None]:
    commands.forget_tours(actor=request.viewer)  # type: ignore[attr-defined]
    return Status(204, None)


def _language() -> str:
    """The language the page is read in: the client says it with every call."""
    return "en" if (get_language() or "").startswith("en") else "zh"
