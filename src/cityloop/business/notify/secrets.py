"""The secrets of webhooks, sealed in their rows."""

from __future__ import annotations

import base64
import secrets

from cityloop.business.notify.domain import SECRET_PREFIX
from cityloop.city.key_rings import key_ring

RING = "webhooks"


def new_secret() -> str:
    """A random secret of the Standard Webhooks form."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sealed(secret: str, webhook_id: int) -> str:
    """What is kept of it."""
    return key_ring(RING).seal(secret, context=place(webhook_id))


def opened(token: str, webhook_id: int) -> str:
    """The secret itself, to sign with."""
    return key_ring(RING).unseal(token, context=place(webhook_id))


def place(webhook_id: int) -> str:
    """What a sealed secret is bound to."""
    return f"webhook:{webhook_id}"
