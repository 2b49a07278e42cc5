"""Logging in and out, and the language: the pages that need no script at all."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST

from cityloop.city.accounts.commands import check_login, close_login, update_user
from cityloop.city.accounts.entry import source_of
from cityloop.city.accounts.models import User
from cityloop.city.accounts.queries import viewer_of, viewer_of_request
from cityloop.hub.demo.commands.doors import enter, open_doors
from cityloop.kernel.errors import DomainError
from cityloop.web.pages.context import home_of, page
from cityloop.web.pages.language import COOKIE, language_of

BACKEND = "cityloop.city.accounts.backend.LimitedLogin"


@require_http_methods(["GET", "POST"])
@ensure_csrf_cookie
def log_in(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _log_in_page(request)
    name, word = request.POST.get("username", ""), request.POST.get("password", "")
    try:
        user = check_login(name, word, source=source_of(request), now=timezone.now())
    except DomainError as error:
        return _refused(request, error)
    return _entered(request, user)


@require_POST
def log_in_as(request: HttpRequest) -> HttpResponse:
    """One click, in the demo alone."""
    try:
        user = enter(request.POST.get("username", ""), now=timezone.now())
    except DomainError as error:
        return _refused(request, error)
    return _entered(request, user)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of_request(request)
    if viewer.kind == "person":
        close_login(actor=viewer, now=timezone.now())
    logout(request)
    return HttpResponseRedirect("/login/")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Kept in the browser, and for a person also for what the platform writes to them."""
    lang = "en" if request.POST.get("language") == "en" else "zh"
    if isinstance(request.user, User):
        viewer = viewer_of(request.user)
        update_user(request.user.pk, language=lang, actor=viewer, now=timezone.now())
    answer = HttpResponseRedirect(_safe(request, request.POST.get("next", "/")))
    code = "en" if lang == "en" else "zh-hans"
    answer.set_cookie(COOKIE, code, max_age=365 * 86_400, samesite="Lax")
    return answer


@require_POST
def choose_type(request: HttpRequest) -> HttpResponse:
    """Large type or the usual one, kept in the browser; needs no script."""
    answer = HttpResponseRedirect(_safe(request, request.POST.get("next", "/")))
    chosen = "1" if request.POST.get("large") == "1" else "0"
    answer.set_cookie("cityloop_elder", chosen, max_age=365 * 86_400, samesite="Lax")
    return answer


def _entered(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user, backend=BACKEND)
    if user.must_change_password:
        return HttpResponseRedirect("/manage/account/")
    wanted = request.POST.get("next", "")
    home = home_of(viewer_of(user))
    return HttpResponseRedirect(_safe(request, wanted) if wanted not in {"", "/"} else home)


def _safe(request: HttpRequest, to: str) -> str:
    fine = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    return to if fine else "/"


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    said = error.zh if language_of(request) == "zh" else error.en
    answer = _log_in_page(request, problem=said)
    answer.status_code = error.status
    return answer


def _log_in_page(request: HttpRequest, problem: str = "") -> HttpResponse:
    wanted = request.GET.get("next") or request.POST.get("next", "")
    return page(request, "login", problem=problem, wanted=wanted, doors=open_doors())
