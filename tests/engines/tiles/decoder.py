"""A small reader of vector tiles, written from the specification and not from our writer."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

KINDS = {1: "point", 2: "line", 3: "polygon"}


@dataclass
class Feature:
    """What a map would get: paths as lists of (x, y) in units of the tile."""

    id: int | None
    kind: str
    properties: dict[str, Any]
    paths: list[list[tuple[int, int]]] = field(default_factory=list)

    @property
    def areas(self) -> list[float]:
        """Signed area of each ring; positive = clockwise on the screen = outer."""
        return [
            sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(p, p[1:] + p[:1], strict=True)) / 2
            for p in self.paths
        ]


def decode(data: bytes) -> dict[str, list[Feature]]:
    """Features by layer."""
    return dict(_layer(body) for number, body in _fields(data) if number == 3)


def _fields(data: bytes) -> list[tuple[int, Any]]:
    found, at = [], 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(data, at)
        elif kind == 1:
            value, at = struct.unpack("<d", data[at : at + 8])[0], at + 8
        else:
            assert kind == 2, kind
            size, at = _varint(data, at)
            assert at + size <= len(data)
            value, at = data[at : at + size], at + size
        found.append((key >> 3, value))
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _numbers(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        found.append(value)
    return found


def _layer(body: bytes) -> tuple[str, list[Feature]]:
    fields = _fields(body)
    single = {n: v for n, v in fields if n in (1, 5, 15)}
    assert (single[15], single[5]) == (2, 4096)
    keys = [v.decode() for n, v in fields if n == 3]
    values = [_value(v) for n, v in fields if n == 4]
    return single[1].decode(), [_feature(v, keys, values) for n, v in fields if n == 2]


def _value(body: bytes) -> Any:
    ((number, value),) = _fields(body)
    if number == 1:
        return value.decode()
    if number == 6:
        return (value >> 1) ^ -(value & 1)
    return bool(value) if number == 7 else value


def _feature(body: bytes, keys: list[str], values: list[Any]) -> Feature:
    fields = dict(_fields(body))
    tags = _numbers(fields.get(2, b""))
    properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
    return Feature(fields.get(1), KINDS[fields[3]], properties, _paths(_numbers(fields[4])))


def _paths(commands: list[int]) -> list[list[tuple[int, int]]]:
    paths: list[list[tuple[int, int]]] = []
    x = y = at = 0
    while at < len(commands):
        what, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if what == 7:
            assert count == 1
            continue
        for _ in range(count):
            x += (commands[at] >> 1) ^ -(commands[at] & 1)
            y += (commands[at + 1] >> 1) ^ -(commands[at + 1] & 1)
            at += 2
            if what == 1:
                paths.append([])
            paths[-1].append((x, y))
    return paths
