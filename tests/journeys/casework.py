"""Cases made ready over the API for journeys on their pages, each step by the demo's own people."""

from __future__ import annotations

import itertools
import time
from typing import Any

from tests.business.cases.stories import jpeg
from tests.journeys.rooms import PATIENCE_S, as_role

_serial = itertools.count(1)


class _Window:
    """What `as_role` needs of a page."""

    def __init__(self, context: Any) -> None:
        self.context = context


class Casework:
    """The demo's visitors at work without a screen."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser, self.address = browser, address
        self.contexts: dict[str, Any] = {}

    def of(self, role: str) -> Any:
        """Requests of somebody with this role."""
        if role not in self.contexts:
            context = self.browser.new_context(base_url=self.address, locale="zh-CN")
            cookie = {"name": "django_language", "value": "zh-hans", "url": self.address}
            context.add_cookies([cookie])
            as_role(_Window(context), role)
            self.contexts[role] = context
        return self.contexts[role]

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()

    def ask(self, role: str, path: str) -> Any:
        """What the API says to a role."""
        answer = self.of(role).request.get(f"/api/v1/{path}", max_retries=1)
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()

    # max_retries: a kept connection may be closed by the server at the moment it is used again.
    def send(self, role: str, path: str, **given: Any) -> Any:
        """A call that changes something."""
        context = self.of(role)
        token = next(c["value"] for c in context.cookies() if c["name"] == "csrftoken")
        headers = {"X-CSRFToken": token, "Referer": f"{self.address}/"}
        answer = context.request.post(f"/api/v1/{path}", headers=headers, max_retries=1, **given)
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()

    def report(self, **given: Any) -> str:
        """A new report in the middle of the demo; its case number."""
        around = self.ask("operator", "places/areas?level=community&limit=1")["items"][0]
        plain = {
            "channel": "hotline",
            "external_id": f"journey-{time.time_ns()}-{next(_serial)}",
            "title": "人行道上堆放建筑垃圾",
            "text": "小区门口人行道堆放建筑垃圾，  已经三天。\n行人只能走机动车道，请尽快清理。",
            "area_code": around["code"],
            "class_key": "E0111",
            "reporter": {"name": "赵合成", "phone": "13800000000"},
        }
        return str(self.send("operator", "reports", data={**plain, **given})["number"])

    def move(self, role: str, number: str, name: str, **given: Any) -> Any:
        """One move."""
        return self.send(role, f"cases/{number}/moves/{name}", data=given)

    def photo(self, role: str, number: str, stage: str = "after") -> int:
        """A photo taken in."""
        file = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
        found = self.send(role, f"cases/{number}/photos", multipart={"photo": file, "stage": stage})
        return int(found["id"])

    def dispatched(self, lead: str = "urban", **given: Any) -> str:
        """A case that waits for this department's response."""
        number = self.report(**given)
        state = self.ask("dispatcher", f"cases/{number}")["state"]
        if state == "reported":
            self.move("acceptor", number, "file")
            state = "filed"
        if state == "filed":
            self.move("dispatcher", number, "dispatch", lead=lead)
        elif self.lead(number) != lead:
            self.move("dispatcher", number, "reroute", lead=lead, reason="统一由该部门办理")
        return number

    def lead(self, number: str) -> str:
        """The key of its lead department."""
        page = self.ask("dispatcher", f"cases/{number}/page")
        wanted = page["case"]["lead_department_id"]
        return next((d["key"] for d in page["departments"] if d["id"] == wanted), "")

    def handling(self, **given: Any) -> str:
        """A case that its department has accepted."""
        number = self.dispatched(**given)
        self.move("handler", number, "accept")
        return number

    def signed(self, number: str) -> None:
        """Until every row of its trace stands under a signed checkpoint."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            rows = self.ask("dispatcher", f"cases/{number}/trace")
            if len(self.ask("dispatcher", f"cases/{number}/proofs")["proofs"]) == len(rows):
                return
            time.sleep(0.1)  # the worker signs once a second
        raise AssertionError(f"the trace of {number} was not signed in time")
