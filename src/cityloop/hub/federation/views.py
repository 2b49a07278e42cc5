"""Open311 GeoReport v2 over HTTP: JSON and XML of the same answers, errors as lists."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from cityloop.business.catalogue.queries import catalogue
from cityloop.hub.federation import queries, services
from cityloop.hub.federation.commands import post_request, sender_of
from cityloop.hub.federation.domain.asked import asked, attributes, check_jurisdiction
from cityloop.hub.federation.domain.writing import CONTENT_TYPES, written
from cityloop.hub.federation.profile import open311_profile
from cityloop.kernel.errors import DomainError

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
Answer = tuple[str, Any]  # name of the root in XML, value
View = Callable[..., HttpResponse]


def answers(*methods: str) -> Callable[[Callable[..., Answer]], View]:
    """Makes a view of a function that returns (root, value): format, errors, headers."""

    def decorate(function: Callable[..., Answer]) -> View:
        @csrf_exempt  # nothing here is authorised by a cookie
        @wraps(function)
        def view(request: HttpRequest, form: str = "", **given: str) -> HttpResponse:
            form = form or _wanted(request)
            if request.method not in {*methods, "HEAD", "OPTIONS"}:
                return _errors(405, [f"{request.method} is not possible here."], form)
            if request.method == "OPTIONS":
                return _with_headers(HttpResponse(status=204), methods)
            try:
                check_jurisdiction(_parameter(request, "jurisdiction_id"), _ours())
                root, value = function(request, **given)
            except DomainError as error:
                return _errors(_status(error), [error.message(_language())], form)
            except (SuspiciousOperation, BadRequest, MultiPartParserError) as error:
                return _errors(400, [str(error)], form)
            made = HttpResponse(written(root, value, form), content_type=CONTENT_TYPES[form])
            for name, said in getattr(request, "open311_headers", {}).items():
                made[name] = said
            return _with_headers(made, methods)

        return view

    return decorate


@answers("GET")
def discovery(request: HttpRequest) -> Answer:
    """Where the endpoint is, what it speaks, whom to ask for a key."""
    profile = open311_profile()
    changed = f"catalogue {catalogue().number:06d}"  # sortable; a new version is a change
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{settings.PUBLIC_URL.rstrip('/')}/open311/v2",
        "changeset": changed,
        "type": "test" if settings.DEMO else "production",
        "formats": ["text/xml", "application/json"],
    }
    said = {"changeset": changed, "contact": profile.contact, "key_service": profile.key_service}
    return "discovery", {**said, "endpoints": [endpoint]}


@answers("GET")
def service_list(request: HttpRequest) -> Answer:
    """GET services."""
    return "services", services.service_list(_language())


@answers("GET")
def service_definition(request: HttpRequest, code: str) -> Answer:
    """GET services/{code}."""
    return "service_definition", services.service_definition(code, _language())


@answers("GET", "POST")
def requests(request: HttpRequest) -> Answer:
    """GET requests, POST requests."""
    if request.method == "POST":
        return _posted(request)
    given = {name: ",".join(values) for name, values in request.GET.lists()}
    return "service_requests", queries.requests_of(asked(given, now=timezone.now()), _language())


@answers("GET")
def one_request(request: HttpRequest, number: str) -> Answer:
    """GET requests/{id}."""
    return "service_requests", queries.request_of(number, _language())


@answers("GET")
def token(request: HttpRequest, token: str) -> Answer:
    """GET tokens/{id}."""
    number = queries.number_of_token(token)
    return "service_requests", [{"service_request_id": number, "token": token}]


@answers("GET")
def nothing(request: HttpRequest) -> Answer:
    """Any other address."""
    raise DomainError(
        "open311.address",
        f"There is nothing at {request.path[:120]}. See /open311/discovery.json.",
        f"{request.path[:120]} 不存在，请参见 /open311/discovery.json。",
        status=404,
    )


def _posted(request: HttpRequest) -> Answer:
    now = timezone.now()
    actor = sender_of(_api_key(request), now=now)
    given = {name: request.POST.get(name, "") for name in request.POST}
    done = post_request(
        given,
        attributes(request.POST.lists()),
        idempotency_key=request.headers.get("Idempotency-Key", ""),
        language=_language(),
        actor=actor,
        now=now,
    )
    request.open311_headers = {"X-Open311-Token": done.token}  # type: ignore[attr-defined]
    said = {"service_request_id": done.number, "service_notice": done.notice, "account_id": None}
    return "service_requests", [said]


def _api_key(request: HttpRequest) -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    bearer = secret.strip() if scheme.lower() == "bearer" else ""
    return (request.POST.get("api_key") or request.GET.get("api_key") or bearer).strip()


def _parameter(request: HttpRequest, name: str) -> str:
    return (request.GET.get(name) or request.POST.get(name) or "").strip()


def _ours() -> str:
    return open311_profile().jurisdiction_id


def _language() -> str:
    return get_language() or "zh"


def _wanted(request: HttpRequest) -> str:
    """The form an address without one means: XML where only XML is accepted, else JSON."""
    accepted = request.headers.get("Accept", "")
    return (
        "xml" if "xml" in accepted and "json" not in accepted and "html" not in accepted else "json"
    )


def _status(error: DomainError) -> int:
    """404 for what is not there, 403 for keys, 400 for the rest, as GeoReport v2 has it."""
    return error.status if error.status in {403, 404} else 400


def _errors(status: int, sentences: list[str], form: str) -> HttpResponse:
    value = [{"code": status, "description": sentence} for sentence in sentences]
    made = HttpResponse(
        written("errors", value, form), content_type=CONTENT_TYPES[form], status=status
    )
    return _with_headers(made, ())


def _with_headers(made: HttpResponse, methods: tuple[str, ...]) -> HttpResponse:
    """Anybody's page may read what is public anyway; no cookie plays a part."""
    made["Access-Control-Allow-Origin"] = "*"
    if methods:
        made["Access-Control-Allow-Methods"] = ", ".join((*methods, "OPTIONS"))
    made["Vary"] = "Accept, Accept-Language"
    return made
