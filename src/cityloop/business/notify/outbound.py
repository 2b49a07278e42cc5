"""One POST to another system: guarded against being sent somewhere it must not go.

The name is resolved here, every address it has is judged, and the connection is made to the very
address that was judged (a second look-up could answer otherwise). No redirect is followed, no
proxy of the environment is used, and a deadline ends the whole call however slowly it drips.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from cityloop.business.notify.domain import Network, is_allowed
from cityloop.kernel.errors import DomainError

DEADLINE_S = 10.0
ANSWER_BYTES = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and the beginning of the body."""

    status: int
    text: str

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


def allowed_networks() -> list[Network]:
    """Private networks the site has opened (settings.OUTBOUND_NETWORKS, CIDR)."""
    named = getattr(settings, "OUTBOUND_NETWORKS", [])
    return [ipaddress.ip_network(text.strip(), strict=False) for text in named if text.strip()]


def check_url(url: str) -> str:
    """The url, if its form is one that may be sent to.

    Raises: DomainError("outbound.url").
    """
    try:
        parts = urlsplit(url)
        is_fine = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_fine = False
    if is_fine and parts.scheme in {"http", "https"} and "@" not in parts.netloc:
        return url
    raise DomainError(
        "outbound.url",
        f"{url[:200]!r} is not an address to send to: https://host/path, without a user name or "
        "password in it. Give such an address.",
        f"{url[:200]!r} 不是可推送的地址，应为 https://主机/路径，且不含用户名或密码。",
        where="url",
    )


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, deadline_s: float = DEADLINE_S
) -> Answer:
    """Send once and read the beginning of the answer.

    Raises: DomainError("outbound.url", "outbound.address", "outbound.plain", "outbound.deadline",
        "outbound.failed").
    """
    check_url(url)
    try:
        return asyncio.run(_post(url, body, headers, deadline_s))
    except TimeoutError as error:
        raise _failed(
            "outbound.deadline", url, f"no answer within {deadline_s:.0f} s", "超时未应答"
        ) from error
    except (httpx.HTTPError, OSError, ValueError) as error:
        why = f"{type(error).__name__}: {error}"[:200]
        raise _failed("outbound.failed", url, why, why) from error


async def _post(url: str, body: bytes, headers: Mapping[str, str], deadline_s: float) -> Answer:
    async with asyncio.timeout(deadline_s):
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = await _judged_address(url, host, port)
        literal = f"[{address}]" if ":" in address else address
        target = parts._replace(netloc=f"{literal}:{port}", fragment="").geturl()
        async with (
            httpx.AsyncClient(
                follow_redirects=False,
                trust_env=False,
                verify=ssl.create_default_context(),
                timeout=deadline_s,
            ) as client,
            client.stream(
                "POST",
                target,
                content=body,
                headers={**headers, "host": parts.netloc, "user-agent": "CityLoop"},
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            text = b""
            async for chunk in answer.aiter_raw():
                text += chunk
                if len(text) >= ANSWER_BYTES:
                    break
            return Answer(answer.status_code, text[:ANSWER_BYTES].decode("utf-8", "replace"))


async def _judged_address(url: str, host: str, port: int) -> str:
    """The first address of a host all of whose addresses may be sent to."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    networks = allowed_networks()
    wrong = [a for a in addresses if not is_allowed(a, networks)]
    if wrong or not addresses:
        raise _failed(
            "outbound.address",
            url,
            f"{host} is at {', '.join(wrong) or 'no address'}, which is not public and not in "
            "CITYLOOP_OUTBOUND_NETWORKS",
            f"{host} 的地址 {'、'.join(wrong) or '为空'} 不是公网地址，"
            "也不在 CITYLOOP_OUTBOUND_NETWORKS 中",
        )
    inside = [n for n in networks if any(_is_in(a, n) for a in addresses)]
    if url.startswith("http:") and not inside:
        raise _failed(
            "outbound.plain", url, "plain http leaves the site; use https", "明文 http 不得出网"
        )
    return addresses[0]


def _is_in(address: str, network: Network) -> bool:
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    return ip.version == network.version and ip in network


def _failed(code: str, url: str, why: str, why_zh: str) -> DomainError:
    host = urlsplit(url).netloc
    return DomainError(
        code,
        f"Sending to {host} failed: {why}.",
        f"向 {host} 推送失败：{why_zh}。",
        where="url",
        status=502,
    )
