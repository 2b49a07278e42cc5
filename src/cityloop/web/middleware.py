"""Headers that every answer carries, and addresses that none is given to."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)

API_ROOT = "/api/v1/"


class SecurityHeaders:
    """Content security policy and friends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self)")
        return response


class PlainAddresses:
    """Refuse an address with NUL in it: no name has one, and not every database takes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path_info or "%00" in query or "\x00" in query:
            body = {
                "code": "request.characters",
                "message": "地址含有空字符，请删除。The address holds NUL; remove it.",
            }
            return JsonResponse(body, status=400)
        return self.get_response(request)


class ApiRefusals:
    """Under /api/v1/ an address that does not exist, or takes no such method, is refused in the
    form of every other refusal; the router's own words are a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        plain = not response.headers.get("Content-Type", "").startswith("application/json")
        if response.status_code in (404, 405) and plain and request.path.startswith(API_ROOT):
            return _refusal(request, response)
        return response


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read at all: a form in another encoding, cut, or with too many fields."""
    zh = "请求无法读取，请检查编码（UTF-8）、字段个数与内容是否完整。"
    en = "The request cannot be read: check its encoding (UTF-8), number of fields, and its end."
    if request.path.startswith(API_ROOT):
        return JsonResponse({"code": "request.unreadable", "message": f"{zh}{en}"}, status=400)
    return HttpResponse(f"{zh}\n{en}\n", status=400, content_type="text/plain; charset=utf-8")


def _refusal(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    allow = response.headers.get("Allow", "")
    said = {
        404: ("没有此接口地址，见 /api/v1/docs。", "There is no such address; see /api/v1/docs."),
        405: (f"此地址只支持 {allow}。", f"This address takes {allow} only."),
    }[response.status_code]
    body = {"code": f"request.{response.status_code}", "message": "".join(said)}
    answer = JsonResponse(body, status=response.status_code)
    if allow:
        answer["Allow"] = allow
    return answer
