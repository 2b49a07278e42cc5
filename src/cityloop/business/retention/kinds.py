"""The kinds of data that have a time: how long, how many are due, how they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cityloop.business.cases.commands import keeping
from cityloop.business.cases.settings import loop_settings
from cityloop.business.notify.commands import forget_deliveries, old_deliveries
from cityloop.business.retention.domain import Bounds
from cityloop.city.accounts.commands import forget_logins, old_logins
from cityloop.city.accounts.domain import SYSTEM
from cityloop.kernel.errors import NotFound

# 网络安全法 Art. 21: logs of the network are kept for six months or longer.
SIX_MONTHS = 180
YEARS_30 = 10_950


@dataclass(frozen=True, slots=True)
class KeptKind:
    """A kind. erase: (before, limit, now) → how many went, at most `limit`."""

    key: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    bounds: Callable[[], Bounds]
    due: Callable[[datetime], int]
    erase: Callable[[datetime, int, datetime], int]


def _reporters() -> Bounds:
    most = loop_settings().retention_days
    return Bounds(min(30, most), most, most)


KINDS: dict[str, KeptKind] = {
    kind.key: kind
    for kind in (
        KeptKind(
            "reporters",
            "反映人信息",
            "Reporters' data",
            "案卷办结后按上报日期清除姓名、电话、联系方式；留痕与证明不受影响。",
            "Names, phones and contacts, by the day of the report, once the case has ended; "
            "trace and proofs stay valid.",
            _reporters,
            keeping.reporters_before,
            lambda before, limit, now: keeping.erase_reporters_before(
                before, limit=limit, actor=SYSTEM, now=now
            ),
        ),
        KeptKind(
            "photos",
            "案卷照片",
            "Photos of cases",
            "案卷办结后按办结日期删除照片文件；留痕保留照片摘要值。",
            "Picture files, by the day the case ended; the trace keeps their digests.",
            lambda: Bounds(180, YEARS_30, 1825),
            keeping.photos_before,
            lambda before, limit, now: keeping.erase_photos_before(
                before, limit=limit, actor=SYSTEM, now=now
            ),
        ),
        KeptKind(
            "logins",
            "登录会话记录",
            "Log-ins",
            "会话到期后保存的来源与终端信息；网络安全法要求日志不少于六个月。",
            "Source and device of log-ins that are over; the law wants six months or more.",
            lambda: Bounds(SIX_MONTHS, 3650, 365),
            old_logins,
            lambda before, limit, now: forget_logins(before, limit=limit),
        ),
        KeptKind(
            "deliveries",
            "对外推送记录",
            "Deliveries to other systems",
            "已送达或失败的推送内容与应答，超期删除。",
            "What was sent by webhooks and answered, once arrived or given up.",
            lambda: Bounds(7, 3650, 90),
            old_deliveries,
            lambda before, limit, now: forget_deliveries(before, limit=limit),
        ),
    )
}


def kind_of(key: str) -> KeptKind:
    """Raises: NotFound("retention.unknown")."""
    found = KINDS.get(key)
    if found is None:
        raise NotFound(
            "retention.unknown",
            f"There is no kind {key!r:.40}; there are: {', '.join(KINDS)}.",
            f"没有此留存项，可选：{'、'.join(KINDS)}。",
            where="key",
        )
    return found
