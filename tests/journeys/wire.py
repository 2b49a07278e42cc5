"""A wire between browser and server that is cut, or goes deaf: requests arrive, answers do not."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Wire:
    """Listens on a port of its own and passes everything on to a server.

    state: "open"; "deaf" = what is sent arrives, no answer comes back; "cut" = nothing passes.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._server = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.state = "open"
        self.swallowed = 0
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    def __enter__(self) -> Wire:
        threading.Thread(target=self._let_in, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.turn("cut")
        self._door.close()

    def turn(self, state: str) -> None:
        """Change the state; what is under way breaks off, except that deaf lets requests arrive."""
        self.state = state
        with self._guard:
            for end in list(self._open):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _let_in(self) -> None:
        while True:
            try:
                browser, _ = self._door.accept()
            except OSError:
                return
            if self.state == "cut":
                browser.close()
                continue
            threading.Thread(target=self._join, args=(browser,), daemon=True).start()

    def _join(self, browser: socket.socket) -> None:
        try:
            server = socket.create_connection(self._server)
        except OSError:
            browser.close()
            return
        with self._guard:
            self._open |= {browser, server}
        back = threading.Thread(target=self._pass, args=(server, browser, True), daemon=True)
        back.start()
        self._pass(browser, server, False)
        back.join()
        with self._guard:
            self._open -= {browser, server}
        browser.close()
        server.close()

    def _pass(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if answers and self.state == "deaf":
                    self.swallowed += 1
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
