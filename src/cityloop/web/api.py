"""The REST API, put together from the apps' routers. No rules here."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from cityloop import __version__
from cityloop.business.cases import api as cases
from cityloop.business.cases.api.cases import moves_router
from cityloop.kernel.errors import DomainError
from cityloop.web.auth import anyone, signed_in
from cityloop.web.parsing import StrictJson
from cityloop.web.problems import problem
from cityloop.web.routers import PRIVATE, PUBLIC

api = NinjaAPI(
    title="城环 CityLoop API",
    version=__version__,
    description="发现 → 上报 → 派遣 → 处置 → 反馈 → 核查 → 结案 → 评价. One loop, one entry.",
    auth=signed_in,
    parser=StrictJson(),
    urls_namespace="api",
)

api.add_router("/cases", cases.cases_router)
api.add_router("/moves", moves_router)
api.add_router("/reports", cases.reports_router)
api.add_router("/tasks", cases.tasks_router)
api.add_router("/approvals", cases.approvals_router)
api.add_router("/public/reports", cases.public_reports_router, auth=anyone)
api.add_router("/follow", cases.follow_router, auth=anyone)
for path, router in PRIVATE:
    api.add_router(path, router)
for path, router in PUBLIC:
    api.add_router(path, router, auth=anyone)


def language_of(request: HttpRequest) -> str:
    """The reader's language: the person's setting, else what the browser asks for."""
    viewer = getattr(request, "viewer", None)
    if viewer is not None and viewer.kind == "person":
        return str(viewer.language)
    return get_language() or "zh"


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    response = api.create_response(
        request, error.as_dict(language_of(request)), status=error.status
    )
    if "retry_after_s" in error.details:
        response["Retry-After"] = str(error.details["retry_after_s"])
    return response


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which field, what came, what is allowed."""
    language = language_of(request)
    found: list[dict[str, Any]] = [
        {"where": ".".join(str(p) for p in e["loc"][1:]), "problem": problem(e, language)}
        for e in error.errors[:20]
    ]
    first = found[0] if found else {"where": "", "problem": "not valid"}
    body = {
        "code": "request.not_valid",
        "message": f"{first['where']}: {first['problem']}",
        "where": first["where"],
        "details": {"problems": found},
    }
    return api.create_response(request, body, status=400)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, DomainError):  # what the parser of bodies has to say
        return refused(request, error.__cause__)
    body = {"code": f"request.{error.status_code}", "message": str(error)}
    return api.create_response(request, body, status=error.status_code)


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    body = {
        "code": "request.too_big",
        "message": "请求超过 12 MB，请拆分后重试。The request exceeds 12 MB; split it.",
    }
    return api.create_response(request, body, status=413)
