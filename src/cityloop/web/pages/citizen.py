"""The citizens' pages on the server: what shows before any script has come and needs none."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods

from cityloop.business.cases import commands
from cityloop.business.cases.commands.reporters import new_follow_key
from cityloop.business.cases.domain.values import NewReport, NewReporter
from cityloop.business.cases.following import followed_case, followed_case_id
from cityloop.city.accounts.domain import PUBLIC
from cityloop.city.accounts.entry import source_of
from cityloop.city.limits.commands import count_visit
from cityloop.hub.openfigures.queries import public_state, site
from cityloop.kernel.errors import DomainError
from cityloop.web.pages.language import language_of
from cityloop.web.pages.rooms import room

_LINK = re.compile(r"/follow/([A-Za-z0-9_-]{16,64})")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
MOST_WORDS = 2000
PHOTO_REFUSED = {
    "zh": "您的上报已收到，但照片没有收下：须为 JPG、PNG 或 WebP 图片，且不能过大。",
    "en": "Your report has come in, but not the photo: it must be a JPG, PNG or WebP picture, and "
    "not too large.",
}


@require_GET
@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponse:
    """The door of the city for everybody."""
    return _page(request, "home", form_id=new_follow_key())


@require_GET
@ensure_csrf_cookie
def aside(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Pages that live on scripts alone: near me, figures."""
    return _page(request, "aside")


@require_http_methods(["GET", "POST"])
@ensure_csrf_cookie
def report(request: HttpRequest) -> HttpResponse:
    """A report by a plain form; its sender is led to the page of the own case."""
    if request.method == "GET":
        return _page(request, "report", form_id=new_follow_key())
    try:
        key, has_photo = _receive(request)
    except DomainError as error:
        return _refused(request, "report", error, form_id=request.POST.get("form_id", ""))
    return HttpResponseRedirect(f"/follow/{key}/?new=1{'' if has_photo else '&photo=refused'}")


@require_GET
@ensure_csrf_cookie
def ask(request: HttpRequest) -> HttpResponse:
    """By link or key: on to the case; by number alone: its stage."""
    asked = request.GET.get("key", "").strip()
    found = _LINK.search(asked) or _KEY.fullmatch(asked)
    if not asked:
        return _page(request, "ask")
    if found and not asked.isdigit():
        return HttpResponseRedirect(f"/follow/{found[found.lastindex or 0]}/")
    try:
        count_visit("numbers", source_of(request), now=timezone.now())
        return _page(request, "ask", state=public_state(asked, now=timezone.now()))
    except DomainError as error:
        return _refused(request, "ask", error)


@require_http_methods(["GET", "POST"])
@ensure_csrf_cookie
def follow(request: HttpRequest, key: str) -> HttpResponse:
    """The own case; a POST is the answer of the plain form."""
    try:
        if request.method == "POST":
            _answer(request, key)
            return HttpResponseRedirect(request.path)
        case = followed_case(key, now=timezone.now())
        refused = PHOTO_REFUSED[language_of(request)] if "photo" in request.GET else ""
        return _page(request, "follow", case=case, key=key, problem=refused)
    except DomainError as error:
        return _refused(request, "follow", error)


def _receive(request: HttpRequest) -> tuple[str, bool]:
    """The key of the report, and whether the photo that came with it, if any, was taken."""
    given, now = request.POST, timezone.now()
    count_visit("reports", source_of(request), now=now)
    form_id = given.get("form_id", "")
    key = form_id if _KEY.fullmatch(form_id) else new_follow_key()
    text = given.get("text", "").strip()
    if len(text) > MOST_WORDS:
        raise DomainError(
            "report.text",
            f"The text has {len(text)} characters; at most {MOST_WORDS}. Shorten it.",
            f"内容共 {len(text)} 字，最多 {MOST_WORDS} 字，请精简。",
        )
    new = NewReport(
        channel="citizen",
        external_id=_form_number(key),
        text=text,
        address=given.get("address", "").strip(),
        language=language_of(request),
        follow_key=key,
        reporter=NewReporter(phone=given.get("phone", "").strip()[:40]),
    )
    receipt = commands.receive(new, actor=PUBLIC, now=now)
    photo = request.FILES.get("photo")
    if photo is None or not receipt.created:
        return key, True
    try:
        commands.add_photo(receipt.case_id, photo.read(), stage="report", actor=PUBLIC, now=now)
    except DomainError:  # the report stands; a photo that is none must not undo it
        return key, False
    return key, True


def _form_number(key: str) -> str:
    """The number under which a form comes in once. Staff read it, so it must not be the key."""
    return f"form-{hashlib.sha256(f'form:{key}'.encode()).hexdigest()[:24]}"


def _answer(request: HttpRequest, key: str) -> None:
    said = {name: request.POST.get(name) for name in ("solved", "responded", "satisfied")}
    given = {name: value == "yes" for name, value in said.items() if value in {"yes", "no"}}
    commands.move(
        followed_case_id(key),
        "rate",
        actor=PUBLIC,
        now=timezone.now(),
        follow_key=key,
        text=request.POST.get("text", "")[:MOST_WORDS],
        **given,
    )


def _refused(request: HttpRequest, shown: str, error: DomainError, **context: Any) -> HttpResponse:
    problem = error.message(language_of(request))
    return _page(request, shown, error.status, problem=problem, **context)


def _page(request: HttpRequest, shown: str, status: int = 200, **context: Any) -> HttpResponse:
    return room(request, "portal", status, shown=shown, site=site(), **context)
