"""A topic of MQTT."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from cityloop.brain.values import Row
from cityloop.kernel.errors import DomainError


class Subscription:
    """A live MQTT topic: every message that is JSON becomes a row; others are counted."""

    def __init__(self, address: str, take: Callable[[Row], None], *, topic: str = "") -> None:
        import paho.mqtt.client as mqtt
        from paho.mqtt.enums import CallbackAPIVersion

        parts = urlsplit(address)
        # "#" is MQTT's wildcard here, not a fragment of an address.
        self.topic = topic or address.partition(parts.netloc)[2].lstrip("/") or "#"
        self.refused = 0
        self._why = ("", "")
        self._take = take
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2)
        if parts.username:
            self._client.username_pw_set(parts.username, parts.password)
        if parts.scheme == "mqtts":
            self._client.tls_set()
        self._client.on_connect = lambda client, *_: client.subscribe(self.topic, qos=1)
        self._client.on_message = self._message
        try:
            self._client.connect(parts.hostname or "localhost", parts.port or 1883)
        except OSError as error:
            raise DomainError(
                "brain.mqtt",
                f"No broker answers at {parts.hostname}:{parts.port or 1883}: {error}",
                f"无法连接消息服务器 {parts.hostname}:{parts.port or 1883}：{error}",
            ) from error
        self._client.loop_start()

    def close(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def _message(self, _client: Any, _data: Any, message: Any) -> None:
        """Whatever comes, the subscription goes on; what could not be kept is counted."""
        try:
            body = json.loads(message.payload)
        except ValueError:
            self._refuse("不是 JSON", "it is no JSON")
            return
        for row in body if isinstance(body, list) else [body]:
            given = row if isinstance(row, Mapping) else {"value": row}
            try:
                self._take({"topic": message.topic, **given})
            except DomainError as error:
                self._refuse(error.zh, error.en)

    def _refuse(self, zh: str, en: str) -> None:
        self.refused += 1
        self._why = (zh, en)

    def remarks(self) -> tuple[str, ...]:
        """What a person should know of the messages that came."""
        zh, en = self._why
        said = (
            f"{self.refused} 条消息未保存，最近一条：{zh} / {self.refused} not kept, the last: {en}"
        )
        return (said,) if self.refused else ()
