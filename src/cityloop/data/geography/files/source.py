"""What every reader gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from cityloop.data.geography.domain.features import Feature
from cityloop.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a file.

    own_system: what the file says of its coordinates; None = nothing.
    default_system: what the format means by saying nothing; None = nothing.
    """

    name: str
    own_system: str | None = None
    default_system: str | None = None


class Source(Protocol):
    """An opened file. `features` starts from the beginning at every call.

    remarks: what was assumed (Chinese, English). left_out: features that are none by the format
    itself, by reason.
    """

    layers: list[Layer]
    remarks: list[tuple[str, str]]
    left_out: dict[str, int]

    def features(self) -> Iterator[Feature]: ...


def file_error(code: str, en: str, zh: str, **details: object) -> DomainError:
    """A refusal of a whole file."""
    return DomainError(f"geography.{code}", en, zh, where="file", details=details)


def missing_extra(name: str) -> DomainError:
    """An optional package is not installed."""
    return file_error(
        "not_installed",
        f"Reading this kind of file needs the package {name}. Install the extra with "
        "`pip install --require-hashes -r requirements/geo.txt`.",
        f"读取此类文件需要 {name}，请安装可选依赖：pip install --require-hashes -r "
        "requirements/geo.txt。",
        package=name,
    )
