"""Where rows come from: files, SQL, REST, MQTT, any iterable (also a dlt source)."""

from __future__ import annotations

import csv
import gzip
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cityloop.brain.values import Row
from cityloop.engines.tables import open_table
from cityloop.kernel.errors import DomainError

PAGES = 10_000  # of a REST source; more is taken for a loop


def kind_of(source: object) -> str:
    """file, sql, rest, mqtt, platform or rows. Raises: DomainError("brain.source")."""
    if isinstance(source, Path):
        return "file"
    if isinstance(source, str):
        scheme = urlsplit(source).scheme
        kinds = {"http": "rest", "https": "rest", "mqtt": "mqtt", "mqtts": "mqtt"}
        kinds |= {"sqlite": "sql", "postgresql": "sql", "postgres": "sql", "platform": "platform"}
        return kinds.get(scheme, "file")
    has_rows = hasattr(source, "__iter__") or hasattr(source, "resources") or _has_frame(source)
    if callable(source) or has_rows:
        return "rows"
    raise DomainError(
        "brain.source",
        f"{type(source).__name__} is no source. Give a file, an address (http, mqtt, sqlite, "
        "postgresql, platform) or something that yields rows.",
        f"{type(source).__name__} 不能作为数据源；请给文件、地址（http、mqtt、sqlite、postgresql、"
        "platform）或可逐行产出记录的对象。",
    )


OPTIONS: Mapping[str, tuple[str, ...]] = {
    "sql": ("query",), "rest": ("headers", "items", "after", "timeout_s"), "mqtt": ("topic",),
    "file": ("items", "sheet", "encoding", "delimiter"), "rows": (), "platform": (),
}  # fmt: skip


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


def rows_of_file(path: str | Path, remarks: list[str], **options: Any) -> Iterator[Row]:
    """CSV, TSV, XLSX, JSON lines (engines.tables), gzipped CSV, JSON. Bad rows become remarks.

    Raises: DomainError("table.*" | "brain.file") for one that is not there or not what it says.
    """
    try:
        yield from _rows_of_file(Path(path), remarks, options)
    except (OSError, EOFError, ValueError) as error:
        name = Path(path).name
        raise DomainError(
            "brain.file",
            f"{name} cannot be read as {Path(path).suffix or 'a table'}: {error}",
            f"{name} 无法按 {Path(path).suffix or '表格'} 读取：{error}",
            where=name,
        ) from error


def _rows_of_file(file: Path, remarks: list[str], options: dict[str, Any]) -> Iterator[Row]:
    if file.suffix == ".gz":
        with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as text:
            yield from csv.DictReader(text)
        return
    if file.suffix == ".json":
        yield from _items(json.loads(file.read_text("utf-8-sig")), options.get("items", ""))
        return
    options.pop("items", None)
    table = open_table(file, **options)
    for number, row in table.rows():
        if isinstance(row, Mapping):
            yield row
        else:
            remarks.append(f"row {number}: {row}")


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
            without `next_`; "" = follow `next` where it is an address.
    Raises: DomainError("brain.rest").
    """
    import httpx

    asked = address
    parameters: dict[str, Any] = {}
    with httpx.Client(timeout=timeout_s, headers=dict(headers or {})) as client:
        for _ in range(PAGES):
            body = _asked(client, asked, parameters)
            yield from _items(body, items)
            cursor = body.get(after) if after and isinstance(body, dict) else None
            link = body.get("next") if isinstance(body, dict) and not after else None
            if cursor is not None:
                parameters = {after.removeprefix("next_"): cursor}
            elif isinstance(link, str) and link.startswith("http"):
                asked, parameters = link, {}
            else:
                return
    raise DomainError(
        "brain.rest", f"{address}: more than {PAGES} pages.", f"{address}：超过 {PAGES} 页。"
    )


def _asked(client: Any, address: str, parameters: Mapping[str, Any]) -> Any:
    import httpx

    try:
        answer = client.get(address, params=parameters or None)
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
            f"{address} did not give JSON: {error}",
            f"{address} 未返回 JSON：{error}",
        ) from error


def _items(body: Any, name: str) -> Iterator[Row]:
    if isinstance(body, dict):
        wanted = [name] if name else ["items", "results", "features", "data"]
        found = next((body[key] for key in wanted if isinstance(body.get(key), list)), None)
        if found is None and name:
            raise DomainError(
                "brain.items",
                f"The answer has no list {name!r}; it has {', '.join(map(str, body))}.",
                f"返回内容中没有列表 {name!r}，只有：{'、'.join(map(str, body))}。",
            )
        body = [body] if found is None else found
    for row in body:
        yield row if isinstance(row, Mapping) else {"value": row}


def rows_of_anything(source: Any) -> Iterator[tuple[str, Iterable[Row]]]:
    """(name or "", rows) of a list, a generator, a function, a data frame, or a dlt source or
    resource (of a dlt source: the resources selected, by the names of their tables).

    Raises: DomainError("brain.row") for what is no row, DomainError("brain.rows") where the source
        itself fails half-way.
    """
    is_frame = _has_frame(source)
    made = callable(source) and not hasattr(source, "__iter__") and not is_frame
    given = _called(source) if made else source
    resources = getattr(given, "selected_resources", None)  # a dlt source: those not left out
    if resources is None:
        resources = getattr(given, "resources", None)
    if isinstance(resources, Mapping):
        for name, resource in resources.items():
            yield _table(resource, str(name)), _rows_of(resource, str(name))
        return
    name = str(getattr(given, "name", "") or "") if not is_frame else ""
    yield _table(given, name), _rows_of([given] if is_frame else given, name or "the source")


def _table(source: Any, name: str) -> str:
    """The table a resource names, as a table may be called here: roads-2026 → roads_2026."""
    wanted = getattr(source, "table_name", None)
    plain = re.sub(r"[^A-Za-z0-9_]", "_", wanted if isinstance(wanted, str) else name)
    return f"t_{plain}"[:63] if plain[:1].isdigit() else plain[:63]


def _called(source: Callable[[], Any]) -> Any:
    try:
        return source()
    except Exception as error:
        raise _broken(getattr(source, "__name__", "the source"), error) from error


def _rows_of(rows: Iterable[Any], name: str) -> Iterator[Row]:
    """Rows one by one; what the source itself throws is told as ours, with its own words."""
    try:
        yield from _mappings(rows)
    except DomainError:
        raise
    except Exception as error:
        raise _broken(name, error) from error


def _broken(name: str, error: Exception) -> DomainError:
    return DomainError(
        "brain.rows",
        f"{name} failed while it was read ({type(error).__name__}: {error}). Nothing of it was "
        "kept; rows kept before stay.",
        f"读取 {name} 时出错（{type(error).__name__}：{error}）。"
        "本次未保存任何记录，此前的记录不变。",
        where=name,
    )


def _has_frame(rows: Any) -> bool:
    """Whether it is a table of Arrow or a data frame of pandas or polars."""
    return (
        hasattr(rows, "to_pylist")
        or hasattr(rows, "to_dicts")
        or (hasattr(rows, "to_dict") and hasattr(rows, "columns"))
    )


def _of_frame(frame: Any) -> Iterable[Row]:
    for way in ("to_pylist", "to_dicts"):  # Arrow, polars
        if hasattr(frame, way):
            return list(getattr(frame, way)())
    return list(frame.to_dict("records"))  # pandas


def _mappings(rows: Iterable[Any]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if isinstance(row, list):  # dlt yields pages
            yield from _mappings(row)
        elif isinstance(row, Mapping):
            yield row
        elif _has_frame(row):  # dlt also yields tables
            yield from _of_frame(row)
        else:
            raise no_row(number, row)


def no_row(number: int, row: object) -> DomainError:
    """Something that came where a row was due."""
    return DomainError(
        "brain.row",
        f"Row {number} is a {type(row).__name__}; a row is a mapping of names to values.",
        f"第 {number} 行是 {type(row).__name__}，每行应为“字段名→值”的映射。",
    )


class Subscription:
    """A live MQTT topic: every message that is JSON becomes a row; others are counted."""

    def __init__(self, address: str, take: Callable[[Row], None], *, topic: str = "") -> None:
        import paho.mqtt.client as mqtt
        from paho.mqtt.enums import CallbackAPIVersion

        parts = urlsplit(address)
        # "#" is MQTT's wildcard here, not a fragment of an address.
        self.topic = topic or address.partition(parts.netloc)[2].lstrip("/") or "#"
        self.refused = 0
        self._take = take
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        if parts.username:
            self._client.username_pw_set(parts.username, parts.password)
        if parts.scheme == "mqtts":
            self._client.tls_set()
        self._client.on_connect = lambda client, *_: client.subscribe(self.topic, qos=1)
        self._client.on_message = self._message
        try:
            self._client.connect(parts.hostname or "localhost", parts.port or 1883)
        except OSError as error:
            raise DomainError(
                "brain.mqtt",
                f"No broker answers at {parts.hostname}:{parts.port or 1883}: {error}",
                f"无法连接消息服务器 {parts.hostname}:{parts.port or 1883}：{error}",
            ) from error
        self._client.loop_start()

    def close(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def _message(self, _client: Any, _data: Any, message: Any) -> None:
        try:
            body = json.loads(message.payload)
        except ValueError:
            self.refused += 1
            return
        for row in body if isinstance(body, list) else [body]:
            if isinstance(row, Mapping):
                self._take({"topic": message.topic, **row})
            else:
                self._take({"topic": message.topic, "value": row})
