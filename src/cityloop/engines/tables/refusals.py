"""Refusals of whole tables and of single rows, in both languages."""

from __future__ import annotations

from typing import Any

from cityloop.kernel.errors import DomainError


def row_error(code: str, number: int, en: str, zh: str, **details: Any) -> DomainError:
    """A refusal of one row; `where` names the row as a spreadsheet shows it."""
    return DomainError(
        f"table.{code}",
        f"Row {number}: {en}",
        f"第 {number} 行：{zh}",
        where=f"row {number}",
        details={"row": number, **details},
    )


def file_error(code: str, en: str, zh: str, **details: Any) -> DomainError:
    return DomainError(f"table.{code}", en, zh, where="file", details=details)


def undecodable(number: int, byte: int, value: str, encoding: str) -> DomainError:
    return row_error(
        "undecodable",
        number,
        f"byte {byte} of the file ({value}) is not {encoding}. Save the file in one encoding, "
        "or declare the right one.",
        f"文件第 {byte} 字节（{value}）不是 {encoding} 编码。请统一文件编码，或声明正确的编码。",
        byte=byte,
        value=value,
        encoding=encoding,
    )


def cells_missing(number: int, found: int, wanted: int) -> DomainError:
    return row_error(
        "cells_missing",
        number,
        f"{found} cells where the header has {wanted}; the row may be cut off. Complete it.",
        f"只有 {found} 个单元格，表头有 {wanted} 列，该行可能被截断。请补全。",
        found=found,
        wanted=wanted,
    )


def cells_extra(number: int, found: int, wanted: int) -> DomainError:
    return row_error(
        "cells_extra",
        number,
        f"{found} cells where the header has {wanted}; perhaps a separator in a text without "
        "quotes. Quote it.",
        f"有 {found} 个单元格，表头只有 {wanted} 列，可能是文本中的分隔符未加引号。请加引号。",
        found=found,
        wanted=wanted,
    )


def cell_too_long(number: int, column: str, size: int, allowed: int) -> DomainError:
    return row_error(
        "cell_too_long",
        number,
        f"column {column!r} has {size:,} characters; at most {allowed:,} are allowed. Shorten it.",
        f"“{column}”列有 {size:,} 个字符，最多 {allowed:,} 个。请缩短。",
        column=column,
        size=size,
        allowed=allowed,
    )


def quote_unclosed(number: int, line: int, lines: int) -> DomainError:
    return row_error(
        "quote_unclosed",
        number,
        f'a quote (") opened at line {line} is not closed by the end of the file; the {lines} '
        "lines from there on were not read. Close it, or fetch the whole file, and read it again.",
        f'第 {line} 行起的引号（"）直到文件末尾都未闭合，其后共 {lines} 行未读取。'
        "请补上引号或重新获取完整文件后再次导入。",
        line=line,
        lines=lines,
    )


def quote_broken(number: int, reason: str) -> DomainError:
    return row_error(
        "quote_broken",
        number,
        f'quotes cannot be understood ({reason}). Write a quote inside a text as "".',
        f'引号无法识别（{reason}）。文本中的引号请写成两个引号（""）。',
        reason=reason,
    )


def row_too_long(number: int, line: int, allowed: int) -> DomainError:
    return row_error(
        "row_too_long",
        number,
        f"the row that begins at line {line} is longer than {allowed:,} bytes; nothing from there "
        "on was read. A quote is not closed, or line ends are missing.",
        f"第 {line} 行开始的一行超过 {allowed:,} 字节，其后内容未读取。可能引号未闭合或缺少换行。",
        line=line,
        allowed=allowed,
    )


def tail_lost(number: int, reason: str) -> DomainError:
    return row_error(
        "tail_lost",
        number,
        f"the file is broken from here on ({reason}); rows after it were not read. Fetch or save "
        "the whole file again.",
        f"文件从此处开始损坏（{reason}），其后各行未读取。请重新获取或保存完整文件。",
        reason=reason,
    )
