"""Webhooks and notices as values: who wants what, how a message is signed, where it may go."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cityloop.kernel.errors import DomainError

SECRET_PREFIX = "whsec_"  # noqa: S105 - a prefix, not a secret
MAX_ATTEMPTS = 10  # 5 s, 10 s ... about an hour and a half in all
LEVELS = ("city", "district", "subdistrict", "community", "cell")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Move → text of the profile. What is not here is not told to reporters.
TEXT_OF: dict[str, str] = {
    "case.receive": "received",
    "case.ask_check": "checking",
    "case.file": "filed",
    "case.reject": "rejected",
    "case.dispatch": "dispatched",
    "case.reroute": "rerouted",
    "case.accept": "handling",
    "case.feed_back": "feedback",
    "case.finish": "handled",
    "case.fail": "rework",
    "case.send_back": "rework",
    "case.close": "closed",
    "case.rate": "rating_thanks",
    "case.reopen": "reopened",
    "case.merge": "merged",
    "case.split": "split",
    "case.withdraw": "withdrawn",
    "case.resume": "resumed",
    "case.extension_granted": "extended",
    "case.suspension_granted": "suspended",
}

# What whoever owes the next step of a case is told of: it was urged, it came back, it was decided.
OF_POSTS = (
    "case.urge",
    "case.fail",
    "case.send_back",
    *(
        f"case.{what}_{how}"
        for what in ("extension", "suspension", "appeal")
        for how in ("granted", "refused")
    ),
)
# Events of which staff are told where nobody chose others.
STAFF_KINDS = ("issue.alarm", "forecast.warned", "model.stopped", "case.said", *OF_POSTS)


def checked_kinds(given: Sequence[str]) -> frozenset[str]:
    """Kinds of events that staff are told of; none = nobody is told of anything.

    Raises: DomainError("notice.staff_kind") naming one that there is not.
    """
    wrong = [kind for kind in given if kind not in STAFF_KINDS]
    if wrong:
        raise DomainError(
            "notice.staff_kind",
            f"profile.toml [notices] staff names {wrong}; there are: {', '.join(STAFF_KINDS)}.",
            f"profile.toml [notices] staff 中的 {wrong} 不存在，可用：{'、'.join(STAFF_KINDS)}。",
            where="notices.staff",
        )
    return frozenset(given)


def wants(kinds: Sequence[str], kind: str) -> bool:
    """Whether a list of kinds ("case.close", "case.*", "*") covers a kind.

    Example: >>> wants(["case.*"], "case.close"), wants(["case.close"], "case.closer")
        (True, False)
    """
    return any(
        k in {"*", kind} or (k.endswith(".*") and kind.startswith(k.removesuffix("*")))
        for k in kinds
    )


def is_in_area(data: Mapping[str, Any], area_id: int | None) -> bool:
    """Whether an event happened in an area of any level; None = everywhere."""
    return area_id is None or area_id in {data.get(level) for level in LEVELS}


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """HMAC-SHA256 over id, second and body: "v1,<base64>", as Standard Webhooks has it.

    Args:
        secret: "whsec_" + base64 of 24 bytes or more.
    Raises: DomainError("webhook.secret").
    Source: standard-webhooks specification, "Signature scheme".
    """
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers_for(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers a receiver checks; the id is the same in every attempt."""
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(secret, message_id, at, body),
    }


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if len(key) < 24:
        raise DomainError(
            "webhook.secret",
            "The secret is not 'whsec_' followed by base64 of 24 bytes or more. Let the platform "
            "make one, or pass one of that form.",
            "密钥格式应为 whsec_ 加 24 字节以上的 base64，可由系统生成。",
            where="secret",
        )
    return key


def check_secret(secret: str) -> str:
    """The secret, if it has the right form. Raises: DomainError("webhook.secret")."""
    _key(secret)
    return secret


def is_allowed(address: str, networks: Iterable[Network]) -> bool:
    """May the platform send to this IP address?

    Public addresses, and those of the networks that the site has named. An address that wraps
    another one (IPv4-mapped, 6to4, Teredo, NAT64) counts as what it wraps.
    """
    try:
        ip = _unwrapped(ipaddress.ip_address(address.split("%", maxsplit=1)[0]))
    except ValueError:
        return False
    if any(ip in network for network in networks if network.version == ip.version):
        return True
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _unwrapped(ip: Address) -> Address:
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
    if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return inner or ip


def filled(template: str, facts: Mapping[str, str]) -> str:
    """A text of the profile with its places filled; a fact that is not known becomes "—".

    Example: >>> filled("编号{number}，{reason}", {"number": "7"})
        '编号7，—'
    """
    return template.format_map(_Facts(facts))


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"
