"""The built front end: one HTML file a room, told who reads it in which language."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.html import escape
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from cityloop.city.accounts.domain import Role
from cityloop.city.accounts.models import User
from cityloop.city.accounts.queries import viewer_of_request
from cityloop.hub.setup.queries import has_administrators
from cityloop.web.pages.early import early_links
from cityloop.web.pages.language import language_of

SETUP, OWN = "/manage/setup/", "/manage/account/"
THEMES = {"light", "dark"}
NOT_BUILT = (
    "前端尚未构建。请运行 ./run front（只需 Python），再刷新本页。\n"
    "The front end is not built yet. Run ./run front (Python is enough), then reload this page.\n"
)


@require_GET
@ensure_csrf_cookie
def desk(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The staff's rooms; strangers log in first."""
    return _for_staff(request, "desk")


@require_GET
@ensure_csrf_cookie
def worker(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The grid worker's app."""
    return _for_staff(request, "worker")


@require_GET
def worker_script(request: HttpRequest, name: str) -> HttpResponse:
    """Service worker and manifest of the app: a worker rules only the folder it is served from."""
    path = Path(settings.FRONT) / name
    if not path.is_file():
        return HttpResponse(NOT_BUILT, status=404, content_type="text/plain; charset=utf-8")
    kind = "text/javascript" if name.endswith(".js") else "application/manifest+json"
    answer = HttpResponse(path.read_bytes(), content_type=f"{kind}; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _for_staff(request: HttpRequest, name: str) -> HttpResponse:
    viewer = viewer_of_request(request)
    if viewer.kind == "public":
        if request.path == SETUP and not has_administrators():
            return room(request, name)  # nobody can log in yet; the setup code opens the first step
        return HttpResponseRedirect(f"/login/?{urlencode({'next': request.get_full_path()})}")
    if isinstance(request.user, User) and request.user.must_change_password:
        return room(request, name) if request.path == OWN else HttpResponseRedirect(OWN)
    if not viewer.holds(*(set(Role) - {Role.CITIZEN})):
        return HttpResponseRedirect("/report/")
    return room(request, name)


def room(request: HttpRequest, name: str, status: int = 200, **context: object) -> HttpResponse:
    """The HTML of a room, with language, appearance and time zone on its root element.

    A template `cityloop/rooms/<name>_head.html` or `_body.html`, where there is one, fills what
    shows before any script has come.
    """
    path = Path(settings.FRONT) / f"{name}.html"
    if not path.is_file():
        return HttpResponse(NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
    lang = language_of(request)
    text = _text(path, path.stat().st_mtime_ns)
    text = text.replace('<html lang="zh-CN">', _root(request, lang), 1)
    text = text.replace("</head>", f"{early_links(request.path)}</head>", 1)
    for part in ("head", "body"):
        given = _part(request, f"cityloop/rooms/{name}_{part}.html", {"lang": lang, **context})
        text = text.replace(f"<!--{part}-->", given, 1)
    answer = HttpResponse(text, status=status)
    answer["Cache-Control"] = "no-cache"
    return answer


def _root(request: HttpRequest, lang: str) -> str:
    """The opening tag of the document."""
    facts = {"zone": settings.TIME_ZONE, "demo": "1" if settings.DEMO else "0"}
    theme = request.COOKIES.get("cityloop_theme", "")
    if theme in THEMES:
        facts["theme"] = theme
    if request.COOKIES.get("cityloop_elder") == "1":
        facts["elder"] = "1"
    said = " ".join(f'data-{name}="{escape(value)}"' for name, value in facts.items())
    return f'<html lang="{"en" if lang == "en" else "zh-CN"}" {said}>'


def _part(request: HttpRequest, template: str, context: dict[str, object]) -> str:
    return render_to_string(template, context, request) if _exists(template) else ""


@lru_cache(maxsize=16)
def _exists(template: str) -> bool:
    return (Path(__file__).resolve().parents[1] / "templates" / template).is_file()


@lru_cache(maxsize=8)
def _text(path: Path, changed: int) -> str:
    return path.read_text("utf-8")
