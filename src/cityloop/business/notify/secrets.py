"""The secrets of webhooks, sealed in their rows."""

from __future__ import annotations

import base64
import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from cityloop.business.notify.domain import SECRET_PREFIX
from cityloop.engines.sealing import KeyRing


@lru_cache(maxsize=4)
def _ring(folder: Path) -> KeyRing:
    given = os.environ.get("CITYLOOP_KEYS")
    return KeyRing.parse(given) if given else KeyRing.open(folder / "webhooks.keys")


def new_secret() -> str:
    """A random secret of the Standard Webhooks form."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sealed(secret: str, webhook_id: int) -> str:
    """What is kept of it."""
    return _ring(Path(settings.DATA)).seal(secret, context=f"webhook:{webhook_id}")


def opened(token: str, webhook_id: int) -> str:
    """The secret itself, to sign with."""
    return _ring(Path(settings.DATA)).unseal(token, context=f"webhook:{webhook_id}")
