"""Notes that a function was used, after the answer, when it was one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cityloop.city.accounts.domain import Viewer
from cityloop.hub.usage.counting import Counter, counter
from cityloop.hub.usage.domain import function_of, post_of

ROOT = "api/v1/"
_PART = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


@lru_cache(maxsize=1024)
def plain(route: str) -> str:
    """Django's route in the words of the API: "cases/<str:number>" is "cases/{number}"."""
    return _PART.sub(r"{\1}", route.removeprefix(ROOT)).rstrip("/")


class NoteUse:
    """Persons at their posts only: neither tokens nor citizens nor the public are counted."""

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponse], counts: Counter = counter
    ) -> None:
        self.get_response, self.counts = get_response, counts
        self.zone = ZoneInfo(settings.TIME_ZONE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if self.counts.runs and answer.status_code < 400:
            self._note(request)
        return answer

    def _note(self, request: HttpRequest) -> None:
        viewer: Viewer | None = getattr(request, "viewer", None)
        match = request.resolver_match
        if viewer is None or viewer.kind != "person" or not viewer.user_id or match is None:
            return
        move = str(match.kwargs.get("move", ""))
        function = function_of(request.method or "", plain(match.route), move)
        post = post_of(viewer, function) if function else None
        if function and post:
            day = timezone.now().astimezone(self.zone).date()
            self.counts.add((day, viewer.user_id, post.value, function.key))
