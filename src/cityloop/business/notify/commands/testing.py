"""One message to a receiver, now: does the address answer, and is the secret the same there?"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from cityloop.business.notify.commands.webhooks import get_webhook
from cityloop.business.notify.domain import headers_for
from cityloop.business.notify.outbound import post
from cityloop.business.notify.rules import need_webhooks
from cityloop.business.notify.secrets import opened
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Tested:
    """What came back. status None: nothing did, and `answer` says why."""

    ok: bool
    status: int | None
    answer: str
    milliseconds: int


def test_webhook(webhook_id: int, *, actor: Viewer, now: datetime) -> Tested:
    """Send one signed message of kind webhook.test; it is not kept and not tried again.

    Raises: NotAllowed("role.needed"), NotFound("webhook.unknown").
    """
    need_webhooks(actor)
    webhook = get_webhook(webhook_id)
    told = {"type": "webhook.test", "timestamp": now.astimezone(UTC).isoformat(), "data": {}}
    body = json.dumps(told, separators=(",", ":")).encode()
    message = f"msg_test_{secrets.token_hex(6)}"
    secret, started = opened(webhook.secret, webhook.pk), time.monotonic()
    try:
        answer = post(webhook.url, body, headers_for(secret, message, now, body))
        ok, status, text = answer.is_good, answer.status, answer.text
    except DomainError as error:
        ok, status, text = False, None, error.message(actor.language)
    took = round((time.monotonic() - started) * 1000)
    with write():
        data = {"ok": ok, "status": status}
        record(Draft("webhook.test", "webhook", webhook.pk, data), actor=actor, now=now)
    return Tested(ok, status, text[:300], took)
