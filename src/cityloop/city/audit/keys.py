"""The key that signs checkpoints: one file in the data folder, one name for ever."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from cityloop.engines.ledger import SigningKey
from cityloop.engines.sealing.secret_file import open_secret


@lru_cache(maxsize=4)
def _key(path: Path, name: str) -> SigningKey:
    return SigningKey.parse(open_secret(path, lambda: SigningKey.new(name).text + "\n"))


def signing_key() -> SigningKey:
    """The key of ledger.key, made on first use.

    The name a new key gets is the host of PUBLIC_URL + "/ledger"; later the file decides, so a
    changed address does not rename the log.
    Raises: DomainError("ledger.key_form", "secret.open_to_others").
    """
    host = urlsplit(settings.PUBLIC_URL).netloc or "localhost"
    name = re.sub(r"[\s+]", "-", host) + "/ledger"
    return _key(Path(settings.DATA) / "ledger.key", name)
