"""What a comparison found: where, what kind, in words of both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["altered", "removed", "inserted", "reordered", "tile", "root", "cut", "unlisted"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is not as the log says.

    Args:
        index: first entry concerned.
        last: last entry concerned (equal to `index` for one).
        kind: altered, removed, inserted, reordered: rows; tile: a stored tile was changed or is
            gone; root: entries and tiles were rewritten together; cut: the log is shorter than a
            signed checkpoint says; unlisted: more rows differ than are named.
        detail: the sentence in English.
        detail_zh: the same in Chinese.
    """

    index: int
    last: int
    kind: Kind
    detail: str
    detail_zh: str


def span(first: int, last: int) -> str:
    """ "7" or "7 to 9"."""
    return str(first) if first == last else f"{first} to {last}"


def span_zh(first: int, last: int) -> str:
    """ "第 7 条" or "第 7 至 9 条"."""
    return f"第 {first} 条" if first == last else f"第 {first} 至 {last} 条"


def removed(first: int, last: int) -> Finding:
    """Entries the log has and no row holds."""
    plural = "entry" if first == last else "entries"
    return Finding(
        first,
        last,
        "removed",
        f"No row holds {plural} {span(first, last)}: removed.",
        f"{span_zh(first, last)}没有对应记录：已被删除。",
    )


def altered(index: int, copy_of: int | None = None) -> Finding:
    """A row whose content is not what was logged."""
    how, how_zh = "its content was changed", "内容被改动"
    if copy_of is not None:
        how, how_zh = f"it is now a copy of entry {copy_of}", f"已变为第 {copy_of} 条的副本"
    return Finding(
        index,
        index,
        "altered",
        f"Row {index} is not what was logged: {how}.",
        f"第 {index} 条与日志不符：{how_zh}。",
    )


def inserted(index: int, copy_of: int | None = None) -> Finding:
    """A row that was never logged, or a second copy of one that was."""
    what, what_zh = "was never logged", "从未写入日志"
    if copy_of is not None:
        what, what_zh = f"is a second copy of entry {copy_of}", f"是第 {copy_of} 条的重复副本"
    return Finding(
        index,
        index,
        "inserted",
        f"A row numbered {index} {what}: inserted.",
        f"编号 {index} 的记录{what_zh}：系插入。",
    )


def reordered(first: int, last: int, offset: int) -> Finding:
    """Rows that hold entries logged at other places."""
    start, end = first + offset, last + offset
    rows = f"Row {first} holds" if first == last else f"Rows {span(first, last)} hold"
    return Finding(
        first,
        last,
        "reordered",
        f"{rows} what was logged as {span(start, end)} ({offset:+d}).",
        f"{span_zh(first, last)}的内容原为{span_zh(start, end)}（位移 {offset:+d}）。",
    )


def unlisted(first: int, last: int, count: int) -> Finding:
    """The rest, when naming every row would fill the memory."""
    return Finding(
        first,
        last,
        "unlisted",
        f"{count} more rows between {first} and {last} differ; they are not named one by one.",
        f"第 {first} 至 {last} 条之间另有 {count} 条记录不符，未逐条列出。",
    )


def tile(level: int, index: int, low: int, high: int) -> Finding:
    """A stored tile that does not fit the one above it, below a root that is not proven."""
    return _tile(level, index, low, high, "does not fit the tile above it", "与上层哈希块不符")


def upper_tile(level: int, index: int, low: int, high: int) -> Finding:
    """A stored tile above leaves that are proven, or one that lost entries."""
    return _tile(level, index, low, high, "does not fit the leaves below it", "与其下的叶子不符")


def lost_tile(index: int, low: int, high: int) -> Finding:
    """A level-0 tile that is gone or too short."""
    return _tile(0, index, low, high, "is missing or cut short", "缺失或不完整")


def mended_tile(index: int, low: int, high: int) -> Finding:
    """A level-0 tile that was changed, while the rows below it are as signed."""
    how = "was changed; the rows lead to the signed root: rebuild the tile from them"
    how_zh = "被改动；原始记录与签署的根一致，可据以重建"
    return _tile(0, index, low, high, how, how_zh)


def _tile(level: int, index: int, low: int, high: int, how: str, how_zh: str) -> Finding:
    where, where_zh = span(low, high - 1), span_zh(low, high - 1)
    return Finding(
        low,
        high - 1,
        "tile",
        f"Tile {level}/{index} (entries {where}) {how}.",
        f"哈希块 {level}/{index}（{where_zh}）{how_zh}。",
    )


def root(low: int, high: int, size: int) -> Finding:
    """The leaves do not lead to a signed root."""
    return Finding(
        low,
        high - 1,
        "root",
        f"The tiles do not lead to the root signed for {size} entries: "
        f"something within {span(low, high - 1)} was rewritten.",
        f"哈希块与 {size} 条时签署的根不符：{span_zh(low, high - 1)}范围内有改写。",
    )


def cut(size: int, signed: int) -> Finding:
    """The log lost entries that a checkpoint vouches for."""
    return Finding(
        size,
        signed - 1,
        "cut",
        f"The log has {size} entries, a signed checkpoint vouches for {signed}: it was cut.",
        f"日志仅有 {size} 条，而已签署的检查点为 {signed} 条：日志被截断。",
    )
