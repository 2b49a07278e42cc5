"""Ways through the loop, as the people of tests/world.py go them."""

from __future__ import annotations

import io
import itertools
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from cityloop.business.cases import commands
from cityloop.business.cases.domain.values import NewReport, NewReporter, Receipt
from cityloop.business.cases.models import Case
from cityloop.business.catalogue.queries import catalogue
from cityloop.city.accounts.domain import PUBLIC
from tests.world import World, centre

_serial = itertools.count(1)


def report(n: int = 0, **given: Any) -> NewReport:
    """A report in the middle of the n-th cell, of a class a person chose."""
    lon, lat = centre(n)
    plain: dict[str, Any] = {
        "channel": "hotline",
        "external_id": f"T{next(_serial)}",
        "title": "路边堆着一大堆建筑垃圾没人管",
        "text": "和安街道永宁社区门口，堆了三天了，味道很大，请尽快清理。",
        "lon": lon,
        "lat": lat,
        "class_key": "E0111",
        "reporter": NewReporter(name="赵合成", phone="13800000000"),
    }
    return NewReport(**{**plain, **given})


def received(world: World, n: int = 0, **given: Any) -> Receipt:
    """The receipt of such a report, sent by the public."""
    return commands.receive(report(n, **given), actor=PUBLIC, now=world.now)


def unclassed(world: World, n: int = 0, **given: Any) -> Case:
    """A case that no machine classified: it waits for the acceptor."""
    answer = received(world, n, class_key="", title="嗯", text="嗯嗯", **given)
    return Case.objects.get(pk=answer.case_id)


def default_condition(key: str = "E0111") -> int:
    """The row id of a class's usual filing condition."""
    return next(c.id for c in catalogue().classes[key].conditions if c.is_default)


def jpeg(colour: str = "grey") -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


class Walk:
    """One case on its way, an hour-hand that moves on with each step."""

    def __init__(self, world: World, case: Case, *, lead: str = "urban", handler: str = "handler"):
        self.world, self.case, self.lead, self.handler = world, case, lead, handler
        self.at: datetime = world.now

    def step(self, who: str, name: str, *, minutes: float = 5, **given: Any) -> Case:
        """One move by one person, some minutes later."""
        self.at += timedelta(minutes=minutes)
        viewer = PUBLIC if who == "public" else self.world.viewer(who)
        self.case = commands.move(self.case.pk, name, actor=viewer, now=self.at, **given)
        return self.case

    def file(self) -> Case:
        return self.step("acceptor", "file", condition_id=default_condition())

    def dispatch(self, **given: Any) -> Case:
        return self.step("dispatcher", "dispatch", **{"lead": self.lead, **given})

    def accept(self) -> Case:
        return self.step(self.handler, "accept")

    def finish(self) -> Case:
        commands.add_photo(
            self.case.pk,
            jpeg(),
            stage="after",
            actor=self.world.viewer(self.handler),
            now=self.at,
        )
        return self.step(self.handler, "finish", text="已清运完毕")

    def verify(self) -> Case:
        return self.step("worker", "pass")

    def close(self) -> Case:
        return self.step("acceptor", "close", closing="垃圾已清除")

    def to_handling(self) -> Walk:
        self.file()
        self.dispatch()
        self.accept()
        return self

    def to_closed(self) -> Walk:
        self.to_handling()
        self.finish()
        self.verify()
        self.close()
        return self
