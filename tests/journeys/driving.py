"""Driving a case to its closing over REST, each step by a person who may make it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.business.cases.stories import default_condition, jpeg
from tests.world import DISTRICT, World

MOST_STEPS = 14


class Driver:
    """The people of the small city at their desks, over the API."""

    def __init__(self, world: World) -> None:
        self.clients: dict[str, Client] = {}
        for name, user in world.users.items():
            self.clients[name] = Client()
            self.clients[name].force_login(user)
        self.departments = {world.department("urban"): "handler"}
        self.departments[world.department("sanitation")] = "sanitation"

    def close(self, number: str) -> list[str]:
        """Drive one case to `closed`; the states it went through.

        Raises: AssertionError naming the step that was refused.
        """
        states = [self.read(number)["state"]]
        for _ in range(MOST_STEPS):
            if states[-1] == "closed":
                return states
            states.append(self.step(number, states[-1]))
        raise AssertionError(f"{number} did not close: {states}")

    def step(self, number: str, state: str) -> str:
        """The next move of whoever owns the case."""
        match state:
            case "reported":
                return self.file(number)
            case "filed":
                return self.move("dispatcher", number, "dispatch", lead="urban")
            case "dispatched":
                return self.respond(number)
            case "handling":
                return self.finish(number)
            case "verifying":
                # Where no cell is known there is no grid worker: the supervisor verifies.
                return self.move("district", number, "pass")
            case "verified":
                return self.move("acceptor", number, "close", closing="现场核实已解决")
        raise AssertionError(f"{number}: nothing to do in state {state}")

    def file(self, number: str) -> str:
        """The acceptor files; a matter without a place is taken on for the whole district."""
        case = self.read(number)
        given: dict[str, Any] = {"condition_id": case["condition_id"] or default_condition()}
        if case["located_by"] in {"unknown", "outside"}:
            given["area_code"] = DISTRICT
        return self.move("acceptor", number, "file", **given)

    def respond(self, number: str) -> str:
        """The lead responds; a department without a test person hands over by re-routing."""
        lead = self.read(number)["lead_department_id"]
        if lead not in self.departments:
            return self.move(
                "dispatcher", number, "reroute", lead="urban", reason="由综合执法局统一处理"
            )
        state = ""
        for task in self.live(number):
            if task["department_id"] in self.departments and not task["responded_at"]:
                who = self.departments[task["department_id"]]
                state = self.move(who, number, "accept", task_id=task["id"])
        return state

    def finish(self, number: str) -> str:
        """Every department with a live task finishes it, with a photo."""
        state = "handling"
        for task in self.live(number):
            who = self.departments.get(task["department_id"])
            assert who, f"{number}: nobody of department {task['department']} in the small city"
            if not task["responded_at"]:
                self.move(who, number, "accept", task_id=task["id"])
            photo = self.clients[who].post(
                f"/api/v1/cases/{number}/photos", {"photo": _file(), "stage": "after"}
            )
            assert photo.status_code == 200, photo.content
            state = self.move(who, number, "finish", text="已处理完毕", task_id=task["id"])
        return state

    def live(self, number: str) -> list[dict[str, Any]]:
        """Open tasks of a case."""
        tasks = self.read(number)["tasks"]
        return [t for t in tasks if t["state"] in {"sent", "accepted"}]

    def read(self, number: str) -> dict[str, Any]:
        """The case as the district's acceptor sees it."""
        answer = self.clients["acceptor"].get(f"/api/v1/cases/{number}")
        assert answer.status_code == 200, (number, answer.content)
        return dict(answer.json())

    def move(self, who: str, number: str, name: str, **given: Any) -> str:
        """One move by one person; the state after it."""
        answer = self.clients[who].post(
            f"/api/v1/cases/{number}/moves/{name}", given, content_type="application/json"
        )
        assert answer.status_code == 200, (who, name, number, answer.content.decode())
        return str(answer.json()["state"])


def _file() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("after.jpg", jpeg(), content_type="image/jpeg")
