"""Another system's Open311 endpoint, read and written with a deadline."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx

from cityloop.hub.federation.domain.asked import MOST, SPAN
from cityloop.hub.federation.domain.writing import read_xml
from cityloop.kernel.errors import DomainError

MOST_BYTES = 64 * 1024 * 1024
FINEST = timedelta(minutes=10)


class Open311Client:
    """One endpoint, such as https://city.example/open311/v2.

    Args:
        form: "json" or "xml".
        deadline_s: for one whole answer: a server that sends a byte a minute is not waited for.
        transport: for tests.
    Every method raises DomainError("open311.unreachable" | "open311.refused" |
    "open311.answer"), naming the endpoint.
    """

    def __init__(
        self,
        url: str,
        *,
        api_key: str = "",
        jurisdiction_id: str = "",
        form: str = "json",
        deadline_s: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.form = form
        self.deadline_s = deadline_s
        self._api_key = api_key
        self._always = {"jurisdiction_id": jurisdiction_id} if jurisdiction_id else {}
        if httpx.URL(self.url).scheme not in {"http", "https"}:
            raise _failed(
                "unreachable", self.url, "the address must begin with http:// or https://"
            )
        self._http = httpx.Client(transport=transport, timeout=min(deadline_s, 20.0))

    def __enter__(self) -> Open311Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def services(self) -> list[dict[str, Any]]:
        """What can be asked for."""
        return self._list("services")

    def definition(self, code: str) -> dict[str, Any]:
        """The attributes of a service."""
        found = self._get(f"services/{quote(code, safe='')}")
        if not isinstance(found, dict):
            raise _failed("answer", self.url, "the definition of a service is no object")
        return found

    def requests(self, **filters: str) -> list[dict[str, Any]]:
        """Requests by the filters of GeoReport v2 (status, service_code, start_date ...)."""
        return self._list("requests", filters)

    def request(self, number: str) -> dict[str, Any]:
        """One request by its id."""
        found = self._list(f"requests/{quote(number, safe='')}")
        if not found:
            raise _failed("answer", self.url, f"no request {number} in the answer")
        return found[0]

    def token(self, token: str) -> str:
        """The id behind a token."""
        found = self._list(f"tokens/{quote(token, safe='')}")
        return str(found[0].get("service_request_id") or "") if found else ""

    def post(self, given: Mapping[str, str], *, idempotency_key: str = "") -> dict[str, Any]:
        """Hand in a request; give the same key again when the answer to the first was lost."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        body = {**self._always, **given, "api_key": self._api_key}
        found = self._ask("POST", "requests", data=body, headers=headers)
        if not isinstance(found, list) or not found or not isinstance(found[0], dict):
            raise _failed("answer", self.url, "the answer to POST holds no request")
        return found[0]

    def requests_between(
        self, start: datetime, end: datetime, **filters: str
    ) -> Iterator[dict[str, Any]]:
        """All requests made in a time, however many: where a server cuts its answer at 1,000,
        the time is halved. Oldest part first; an id may come twice at a border.

        Raises: DomainError("open311.too_many") for more than 1,000 in ten minutes.
        """
        at = start
        while at < end:
            until = min(at + SPAN, end)
            yield from self._part(at, until, filters)
            at = until

    def _part(
        self, start: datetime, end: datetime, filters: dict[str, str]
    ) -> Iterator[dict[str, Any]]:
        # Whole seconds: the end is rounded up, or what came in the present one would be missed.
        last = end if not end.microsecond else end.replace(microsecond=0) + timedelta(seconds=1)
        dates = {"start_date": _w3(start), "end_date": _w3(last)}
        found = self.requests(**filters, **dates)
        if len(found) < MOST:
            yield from found
            return
        if end - start <= FINEST:
            raise _failed(
                "too_many", self.url, f"more than {MOST} requests between {start} and {end}"
            )
        middle = start + (end - start) / 2
        yield from self._part(start, middle, filters)
        yield from self._part(middle, end, filters)

    def _list(self, path: str, filters: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        found = self._get(path, filters)
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise _failed("answer", self.url, f"{path} is no list of objects")
        return found

    def _get(self, path: str, filters: Mapping[str, str] | None = None) -> Any:
        return self._ask("GET", path, params={**self._always, **(filters or {})})

    def _ask(self, method: str, path: str, **given: Any) -> Any:
        address = f"{self.url}/{path}.{self.form}"
        try:
            with self._http.stream(method, address, **given) as answer:
                raw = self._whole(answer, address)
        except httpx.HTTPError as error:
            raise _failed("unreachable", address, f"{type(error).__name__}: {error}") from error
        if answer.status_code >= 300:
            raise _failed("refused", address, f"HTTP {answer.status_code}: {_sentences(raw)}")
        try:
            return read_xml(raw) if self.form == "xml" else json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise _failed("answer", address, f"not {self.form}: {error}") from error

    def _whole(
        self, answer: httpx.Response, address: str, clock: Callable[[], float] = time.monotonic
    ) -> bytes:
        until, parts, size = clock() + self.deadline_s, [], 0
        for part in answer.iter_bytes():
            size += len(part)
            parts.append(part)
            if size > MOST_BYTES:
                raise _failed("answer", address, f"the answer is larger than {MOST_BYTES:,} bytes")
            if clock() > until:
                raise _failed("unreachable", address, f"no whole answer in {self.deadline_s:g} s")
        return b"".join(parts)


def _w3(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _sentences(raw: bytes) -> str:
    return " ".join(raw[:500].decode("utf-8", "replace").split())


def _failed(code: str, address: str, reason: str) -> DomainError:
    return DomainError(
        f"open311.{code}",
        f"{address}: {reason}",
        f"{address}：{reason}",
        where=address,
        status=502,
    )
