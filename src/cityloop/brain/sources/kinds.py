"""What kind a source is, and which options it takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cityloop.brain.sources.objects import has_frame
from cityloop.kernel.errors import DomainError

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "sql": ("query",), "rest": ("headers", "items", "after", "timeout_s"), "mqtt": ("topic",),
    "file": ("items", "sheet", "encoding", "delimiter"), "rows": (), "platform": (),
}  # fmt: skip  # fmt: skip


def kind_of(source: object) -> str:
    """file, sql, rest, mqtt, platform or rows. Raises: DomainError("brain.source")."""
    if isinstance(source, Path):
        return "file"
    if isinstance(source, str):
        scheme = urlsplit(source).scheme
        kinds = {"http": "rest", "https": "rest", "mqtt": "mqtt", "mqtts": "mqtt"}
        kinds |= {"sqlite": "sql", "postgresql": "sql", "postgres": "sql", "platform": "platform"}
        return kinds.get(scheme, "file")
    has_rows = hasattr(source, "__iter__") or hasattr(source, "resources") or has_frame(source)
    if callable(source) or has_rows:
        return "rows"
    raise DomainError(
        "brain.source",
        f"{type(source).__name__} is no source. Give a file, an address (http, mqtt, sqlite, "
        "postgresql, platform) or something that yields rows.",
        f"{type(source).__name__} 不能作为数据源；请给文件、地址（http、mqtt、sqlite、postgresql、"
        "platform）或可逐行产出记录的对象。",
    )


def check_options(kind: str, options: Mapping[str, Any]) -> None:
    """Raises: DomainError("brain.option") for one that this kind of source does not know."""
    known = OPTIONS[kind]
    for name in options:
        if name not in known:
            raise DomainError(
                "brain.option",
                f"A {kind} source has no option {name!r}; it has: {', '.join(known) or 'none'}.",
                f"{kind} 数据源没有选项 {name!r}，可用：{'、'.join(known) or '无'}。",
                where=name,
            )
