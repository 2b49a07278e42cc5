"""Ways to reach a reporter beside the page where the case is followed.

    @channel("gateway")
    def send(notice: Notice, now: datetime) -> None: ...    # raises to be tried again

`[notices] channel = "gateway"` of profile.toml chooses one; without it, notices wait on the page.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime

from cityloop.business.cases.informing import phone_for_notice
from cityloop.business.notify.domain import headers_for
from cityloop.business.notify.models import Notice
from cityloop.business.notify.outbound import post
from cityloop.city.audit.domain import masked_text
from cityloop.city.profile import load_profile
from cityloop.kernel.errors import DomainError

PAGE = "page"
Send = Callable[[Notice, datetime], None]
CHANNELS: dict[str, Send] = {}


def channel(name: str) -> Callable[[Send], Send]:
    """Register a way of sending; it must be safe to call it twice with the same notice."""

    def register(function: Send) -> Send:
        CHANNELS[name] = function
        return function

    return register


def chosen_channel() -> str:
    """The channel of the profile. Raises: DomainError("notice.channel") for one nobody has."""
    name = str(load_profile().settings.get("notices", {}).get("channel", PAGE))
    if name != PAGE and name not in CHANNELS:
        raise DomainError(
            "notice.channel",
            f"profile.toml [notices] names the channel '{name}'; there are: "
            f"{', '.join([PAGE, *CHANNELS])}.",
            f"profile.toml [notices] 的渠道“{name}”不存在，可用：{'、'.join([PAGE, *CHANNELS])}。",
            where="notices.channel",
        )
    return name


@channel("gateway")
def send_by_gateway(notice: Notice, now: datetime) -> None:
    """POST {id, to, text_zh, text_en} to the city's message gateway, signed like a webhook.

    `[notices] url` of profile.toml, secret in CITYLOOP_NOTICE_SECRET.
    """
    url = str(load_profile().settings.get("notices", {}).get("url", ""))
    secret = os.environ.get("CITYLOOP_NOTICE_SECRET", "")
    phone = phone_for_notice(notice.report_id, now=now)
    if not phone:
        return
    told = {"to": phone, "text_zh": notice.text_zh, "text_en": notice.text_en}
    body = json.dumps({"id": f"notice_{notice.pk}", **told}, ensure_ascii=False).encode()
    answer = post(url, body, headers_for(secret, f"notice_{notice.pk}", now, body))
    if not answer.is_good:
        said = masked_text(answer.text)[:200]  # kept with the job and logged; gateways echo numbers
        raise DomainError(
            "notice.refused",
            f"The message gateway answered {answer.status}: {said}",
            f"短信网关返回 {answer.status}：{said}",
            status=502,
        )
