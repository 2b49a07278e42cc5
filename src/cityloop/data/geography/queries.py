"""The mappings that a deployment has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cityloop.data.geography.domain import GeographyMap, parse_map
from cityloop.kernel.errors import DomainError, NotFound

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
MOST_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class NamedMap:
    """A mapping to choose from. registers: it writes elements. numbers: areas without codes."""

    key: str
    zh: str
    en: str
    registers: bool
    numbers: bool


def _folder() -> Path:
    return Path(settings.PROFILES) / "mappings" / "geography"


def mappings() -> list[NamedMap]:
    """Those of profiles/mappings/geography, by name."""
    found = []
    for path in sorted(_folder().glob("*.toml")):
        if _NAME.fullmatch(path.stem):
            made = parse_map(path.read_text("utf-8"))
            found.append(NamedMap(
                path.stem, made.name, made.name_en or made.name, registers=bool(made.kinds),
                numbers=bool(made.numbering),
            ))  # fmt: skip
    return found


def mapping(given: str) -> GeographyMap:
    """A mapping by its name. Raises: NotFound("geography.no_map"), DomainError("geography.map")."""
    path = _folder() / f"{given}.toml"
    if not _NAME.fullmatch(given) or not path.is_file():
        names = ", ".join(m.key for m in mappings())
        raise NotFound(
            "geography.no_map",
            f"There is no mapping {given[:60]!r}. There are: {names}; or give a TOML file.",
            f"没有名为 {given[:60]!r} 的映射，可用：{names}；也可提供 TOML 文件。",
            where="mapping",
        )
    return parse_map(path.read_text("utf-8"))


def mapping_file(path: Path) -> GeographyMap:
    """A mapping by its path. Raises: DomainError("geography.map")."""
    try:
        raw = path.read_bytes()
        text = raw[: MOST_BYTES + 1].decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DomainError(
            "geography.map",
            f"The mapping {path.name} cannot be read: {error}. It must be TOML in UTF-8.",
            f"无法读取映射 {path.name}：{error}。应为 UTF-8 编码的 TOML 文件。",
            where="mapping",
        ) from error
    return mapping_text(text)


def mapping_text(text: str) -> GeographyMap:
    """A mapping by its text. Raises: DomainError("geography.map")."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise DomainError(
            "geography.map",
            f"The mapping is longer than {MOST_BYTES:,} bytes.",
            f"映射超过 {MOST_BYTES:,} 字节。",
            where="mapping",
        )
    return parse_map(text)
