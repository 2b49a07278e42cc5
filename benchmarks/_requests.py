"""A light HTTP client: kept connections, no parsing beyond the length, so that on two cores the
server is measured and not the client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass
class Load:
    """What a load showed: seconds of each answer, in order of arrival, and the whole time."""

    took_s: list[float] = field(default_factory=list)
    refused: list[tuple[int, bytes]] = field(default_factory=list)
    bytes_out: int = 0
    whole_s: float = 0.0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.took_s) / self.whole_s


def load(
    port: int,
    requests: Sequence[bytes],
    *,
    clients: int,
    pause_s: float = 0.0,
    rate: float = 0.0,
) -> Load:
    """Send these requests over `clients` kept connections; each waits for its answer, then
    `pause_s`. With `rate` (requests a second in all) every request has a moment at which it is due;
    its time counts from that moment, so that a slow answer is charged for those it held up.
    Raises: RuntimeError naming the first answer that is not 2xx."""
    seen = Load()
    waiting = list(reversed(requests))
    began = time.perf_counter()
    due = (began + n / rate for n in range(len(requests))) if rate else None

    async def all_clients() -> None:
        one = (_client(port, waiting.pop, seen, pause_s, due) for _ in range(clients))
        await asyncio.gather(*one)

    asyncio.run(all_clients())
    seen.whole_s = time.perf_counter() - began
    if seen.refused:
        status, body = seen.refused[0]
        raise RuntimeError(f"{len(seen.refused)} refused; the first: {status} {body[:400]!r}")
    return seen


async def _client(
    port: int,
    take: Callable[[], bytes],
    seen: Load,
    pause_s: float,
    due: Iterator[float] | None,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while True:
            request = take()
            began = time.perf_counter()
            if due is not None:
                moment = next(due)
                await asyncio.sleep(max(0.0, moment - began))
                began = moment
            writer.write(request)
            status, body = await _answer(reader)
            if 200 <= status < 300:
                seen.took_s.append(time.perf_counter() - began)
                seen.bytes_out += len(body)
            else:
                seen.refused.append((status, body))
            if pause_s:
                await asyncio.sleep(pause_s)
    except IndexError:  # nothing left to send
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(x.split(b":")[1]) for x in lines if x.startswith(b"content-length:")), None)
    if length is None:
        raise RuntimeError(f"an answer without a length: {head[:200]!r}")
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """One request as it goes over the wire."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
