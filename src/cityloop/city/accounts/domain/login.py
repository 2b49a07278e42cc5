"""How often one may try to log in.

A wrong password counts against the pair of account and source first. An account or a source as
a whole is closed only to pairs that never got in before, so nobody can lock the duty officer
out of the place the duty officer works from, nor one clumsy colleague a hall behind one address.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(minutes=15)
KNOWN_FOR = timedelta(days=30)
PAIR_LIMIT = 5
SOURCE_LIMIT = 30
ACCOUNT_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries within the window, the present one included.

    pair: this account from this source, since it last got in. source, account: each as a whole.
    known: this account got in from this source within KNOWN_FOR.
    """

    pair: int
    source: int
    account: int
    known: bool


def lock_on(tries: Tries) -> str | None:
    """What is locked for the present try: "pair", "source", "account", or None."""
    if tries.pair > PAIR_LIMIT:
        return "pair"
    if tries.known:
        return None
    if tries.source > SOURCE_LIMIT:
        return "source"
    return "account" if tries.account > ACCOUNT_LIMIT else None


def account_key(username: str, secret: str) -> str:
    """What is kept of the name typed: people type passwords into the wrong field."""
    plain = unicodedata.normalize("NFKC", username).casefold().encode("utf-8", "replace")
    return hmac.new(secret.encode(), plain, hashlib.sha256).hexdigest()


def plain_source(address: str) -> str:
    """The source an address stands for: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address.strip())
    except ValueError:
        return address.strip()[:45] or "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False).network_address) + "/64"
    return str(ip)
