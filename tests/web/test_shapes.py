"""The API's description has one name space: two shapes of one name would hide each other there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ninja import Schema

import cityloop.web.api  # noqa: F401  every router, and so every shape


def _below(shape: type[Schema]) -> Iterator[type[Schema]]:
    for one in shape.__subclasses__():
        yield one
        yield from _below(one)


def test_no_two_shapes_share_a_name() -> None:
    places = defaultdict(set)
    for shape in _below(Schema):
        # "Given" is the base of what comes in and never stands in the description by itself.
        if shape.__module__.startswith("cityloop.") and shape.__name__ != "Given":
            places[shape.__name__].add(shape.__module__)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
