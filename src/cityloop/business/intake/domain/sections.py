"""Reading tables of a TOML file strictly: a key that is not known is an error, never ignored."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cityloop.business.intake.domain.expressions import Expression, expression, joined
from cityloop.kernel.errors import DomainError


def map_error(code: str, where: str, en: str, zh: str, **details: Any) -> DomainError:
    """A refusal of a mapping file; `where` is the key."""
    return DomainError(
        f"map.{code}", f"[{where}] {en}", f"[{where}] {zh}", where=where, details=details
    )


def nearest(name: str, known: Collection[str]) -> str:
    """The known name most like this one, or nothing."""
    return next(iter(difflib.get_close_matches(name, list(known), 1, 0.6)), "")


class Section:
    """One table of the file. Every key is asked for by its type; `__init__` refuses others."""

    def __init__(self, where: str, given: Any, allowed: Collection[str]) -> None:
        self.where = where
        if not isinstance(given, Mapping):
            raise map_error(
                "wrong_type", where, "must be a table of keys and values.", "应为键值表。"
            )
        self.given = given
        for key in given:
            if key not in allowed:
                self._unknown(key, allowed)

    def _unknown(self, key: str, allowed: Collection[str]) -> None:
        like = nearest(key, allowed)
        raise map_error(
            "unknown_key",
            f"{self.where}.{key}" if self.where else key,
            f"'{key}' is not known here. Known: {', '.join(allowed)}."
            + (f" Did you mean '{like}'?" if like else ""),
            f"不支持的键“{key}”，可用：{'、'.join(allowed)}。"
            + (f"是否应为“{like}”？" if like else ""),
            allowed=list(allowed),
        )

    def has(self, key: str) -> bool:
        return key in self.given

    def text(self, key: str, default: str = "") -> str:
        """A text, trimmed at its ends."""
        return str(self._typed(key, str, default, "a text", "文本"))

    def flag(self, key: str, default: bool) -> bool:
        return bool(self._typed(key, bool, default, "true or false", "true 或 false"))

    def maybe_flag(self, key: str) -> bool | None:
        return self.flag(key, False) if self.has(key) else None

    def number(self, key: str, default: int) -> int:
        return int(self._typed(key, int, default, "a whole number", "整数"))

    def one_of(self, key: str, allowed: Sequence[str], default: str) -> str:
        value = self.text(key, default)
        if value not in allowed:
            raise map_error(
                "value",
                f"{self.where}.{key}",
                f"'{value}' is not possible; allowed: {', '.join(allowed)}.",
                f"取值“{value}”无效，可用：{'、'.join(allowed)}。",
            )
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text counts as a list of one."""
        value = self.given.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self._wrong(key, "a list of texts", "文本列表")
        return tuple(value)

    def table(self, key: str) -> dict[str, str]:
        """A table of texts."""
        value = self.given.get(key, {})
        if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
            raise self._wrong(key, 'a table such as { "Pothole" = "E0113" }', "键值表")
        return dict(value)

    def tables(self, key: str) -> list[Any]:
        """A list of tables."""
        value = self.given.get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, "a list of tables", "表的列表")
        return value

    def made(self, key: str) -> Expression | None:
        """A column, a template, a list of columns, or {columns = [...], separator = "..."}."""
        if key not in self.given:
            return None
        value = self.given[key]
        if isinstance(value, str) and value.strip():
            return expression(value.strip())
        if isinstance(value, list):
            value = {"columns": value}
        if isinstance(value, Mapping):
            inner = Section(f"{self.where}.{key}", value, ("columns", "separator"))
            names = inner.texts("columns")
            if names:
                return joined(names, inner.text("separator", " "))
        raise self._wrong(
            key,
            'a column, a template such as "{type}: {detail}", or a list of columns',
            '列名、模板（如 "{类别}：{描述}"）或列名列表',
        )

    def _typed(self, key: str, kind: type, default: Any, en: str, zh: str) -> Any:
        value = self.given.get(key, default)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._wrong(key, en, zh)
        return value

    def _wrong(self, key: str, en: str, zh: str) -> DomainError:
        shown = repr(self.given.get(key))[:60]
        return map_error(
            "wrong_type",
            f"{self.where}.{key}" if self.where else key,
            f"is {shown}; it must be {en}.",
            f"当前为 {shown}，应为{zh}。",
        )
