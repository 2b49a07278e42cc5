"""Rows of an address: SQL and REST."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from cityloop.brain.sources.files import items_of
from cityloop.brain.values import Row
from cityloop.kernel.errors import DomainError

PAGES = 10_000  # of a REST source; more is taken for a loop


def rows_of_sql(address: str, query: str) -> Iterator[Row]:
    """Rows of a SELECT on SQLite (sqlite:///path) or PostgreSQL.

    Raises: DomainError("brain.sql") without a query, or where it cannot be run.
    """
    if not query.strip():
        raise DomainError(
            "brain.sql",
            "A SQL source needs `query`, a SELECT.",
            "SQL 数据源需要给出查询语句 query（SELECT）。",
        )
    try:
        if address.startswith("sqlite:///"):
            yield from _sqlite(address.removeprefix("sqlite:///"), query)
        else:
            yield from _postgresql(address, query)
    except DomainError:
        raise
    except Exception as error:
        raise DomainError(
            "brain.sql", f"The query failed: {error}", f"SQL 查询失败：{error}"
        ) from error


def _sqlite(path: str, query: str) -> Iterator[Row]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        connection.row_factory = sqlite3.Row
        for row in connection.execute(query):
            yield dict(row)
    finally:
        connection.close()


def _postgresql(address: str, query: str) -> Iterator[Row]:
    import psycopg
    from psycopg.rows import dict_row

    with psycopg.connect(address, row_factory=dict_row) as connection:
        connection.read_only = True
        yield from connection.execute(query)


def rows_of_rest(
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    items: str = "",
    after: str = "",
    timeout_s: float = 30.0,
) -> Iterator[Row]:
    """Rows of a JSON address, page after page.

    Args:
        items: name of the list in the answer ("" = the answer is the list, or one of `items`,
            `results`, `features`, `data`).
        after: name of the cursor in the answer that is sent back as a parameter of the same name
            without `next_`; "" = follow `next` where it is an address of the same server.
    Raises: DomainError("brain.rest").
    """
    import httpx

    asked = httpx.URL(address)
    with httpx.Client(timeout=timeout_s, headers=dict(headers or {})) as client:
        for _ in range(PAGES):
            body = _asked(client, asked)
            yield from items_of(body, items)
            said = body if isinstance(body, dict) else {}
            cursor, link = said.get(after) if after else None, said.get("next")
            if cursor is not None:
                asked = asked.copy_merge_params({after.removeprefix("next_"): cursor})
            elif isinstance(link, str) and link and not after:
                asked = _same_host(asked, urljoin(str(asked), link))
            else:
                return
    raise DomainError(
        "brain.rest", f"{address}: more than {PAGES} pages.", f"{address}：超过 {PAGES} 页。"
    )


def _same_host(asked: Any, link: str) -> Any:
    """The next page's address; the headers, a token perhaps, go to nobody else."""
    if urlsplit(link).netloc != urlsplit(str(asked)).netloc:
        raise DomainError(
            "brain.rest",
            f"{asked}: its next page is on another server, {link}. Connect that one by itself.",
            f"{asked}：下一页在另一台服务器 {link}，请另行接入。",
        )
    return type(asked)(link)


def _asked(client: Any, address: Any) -> Any:
    import httpx

    try:
        answer = client.get(address)
        answer.raise_for_status()
        return answer.json()
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        raise DomainError(
            "brain.rest",
            f"{address} refused ({status}). With 401 or 403: the token is not known, has expired, "
            "or may not read this.",
            f"{address} 拒绝访问（{status}）。如为 401 或 403：令牌不存在、已过期或无权读取。",
            details={"status": status},
        ) from error
    except (httpx.HTTPError, ValueError) as error:
        raise DomainError(
            "brain.rest",
            f"{address} does not answer, or not with JSON: {error}",
            f"{address} 无响应，或返回的不是 JSON：{error}",
        ) from error
