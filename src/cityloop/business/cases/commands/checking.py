"""Is a new report fit to be taken in? Refusals name field, value and remedy."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection

from cityloop.business.cases.domain.values import NewReport
from cityloop.business.cases.models import Report
from cityloop.business.cases.settings import loop_settings
from cityloop.kernel.errors import Conflict, DomainError

CHANNEL = re.compile(r"^[a-z][a-z0-9_.-]{1,23}$")
# Characters that turn text around or hide it (bidi overrides), and controls except \t \n \r.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_ANY_KNOWN = (
    f"SELECT 1 FROM {Report._meta.db_table} "  # noqa: S608  names of the model, no input
    "WHERE channel = %s AND external_id IN ({}) LIMIT 1"
)


def checked(report: NewReport, now: datetime) -> NewReport:
    """The report, trimmed.

    Raises: DomainError("report.channel", "report.external_id", "report.empty", "report.text",
        "report.characters", "report.future").
    """
    limits = loop_settings()
    report = replace(
        report,
        title=report.title.strip(),
        text=report.text.strip(),
        address=report.address.strip(),
        external_id=report.external_id.strip(),
    )
    if not CHANNEL.match(report.channel):
        raise _refused(
            "report.channel",
            "channel",
            f"'{report.channel[:40]}' is no channel name: 2 to 24 of a-z 0-9 _ . - , e.g. hotline.",
            f"“{report.channel[:40]}”不是有效的渠道名，应为 2 至 24 位小写字母、数字或 _ . -。",
        )
    if not 1 <= len(report.external_id) <= 120:
        raise _refused(
            "report.external_id",
            "external_id",
            f"The external id has {len(report.external_id)} characters; 1 to 120 are allowed.",
            f"外部编号长度为 {len(report.external_id)}，应为 1 至 120。",
        )
    if not report.title and not report.text:
        raise _refused(
            "report.empty",
            "text",
            "The report says nothing: title and text are both empty. Give at least one.",
            "标题与内容均为空，请至少填写一项。",
        )
    _check_sizes(report, limits.title_max, limits.text_max)
    if report.happened_at is not None and report.happened_at > now + timedelta(days=1):
        raise _refused(
            "report.future",
            "happened_at",
            f"The report says it happened at {report.happened_at.isoformat()}, in the future.",
            f"发生时间 {report.happened_at.isoformat()} 晚于当前时间，请核对。",
        )
    return report


def _check_sizes(report: NewReport, title_max: int, text_max: int) -> None:
    sizes = [("title", report.title, title_max), ("text", report.text, text_max)]
    sizes += [("address", report.address, 300), ("external_id", report.external_id, 120)]
    for name, value, most in sizes:
        if len(value) > most:
            raise _refused(
                "report.text",
                name,
                f"{name} has {len(value)} characters; at most {most} are kept. Shorten it or "
                "attach the rest.",
                f"{name} 共 {len(value)} 字，最多 {most} 字，请精简或以附件形式提交。",
            )
        found = HIDDEN.search(value)
        if found:
            raise _refused(
                "report.characters",
                name,
                f"{name} holds the control character U+{ord(found.group()):04X} at "
                f"{found.start()}. Remove it.",
                f"{name} 第 {found.start()} 位含控制字符 U+{ord(found.group()):04X}，请删除。",
            )


def _refused(code: str, where: str, en: str, zh: str) -> DomainError:
    return DomainError(code, en, zh, where=where)


def content_hash(report: NewReport) -> str:
    """What the report says, as one hash: the same id with another hash is a contradiction."""
    said = [
        report.title,
        report.text,
        report.lon,
        report.lat,
        report.crs,
        report.address,
        report.area_code,
        report.class_key,
        report.happened_at.isoformat() if report.happened_at else None,
    ]
    if report.condition_seq is not None:
        said.append(report.condition_seq)
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def known_reports(reports: Sequence[NewReport]) -> Mapping[tuple[str, str], Report]:
    """Reports that came before, by (channel, external id)."""
    known: dict[tuple[str, str], Report] = {}
    for channel in sorted({r.channel for r in reports}):
        ids = [r.external_id for r in reports if r.channel == channel]
        for chunk in _chunks(ids, 500):
            # Nearly always all are new; only then is the whole row worth its eighty columns.
            if not _any_known(channel, chunk):
                continue
            rows = Report.objects.filter(channel=channel, external_id__in=chunk)
            for row in rows.select_related("case").defer("text"):
                known[channel, row.external_id] = row
    return known


def _any_known(channel: str, ids: Sequence[str]) -> bool:
    """Asked for every report that comes: putting the query together took a tenth of its POST."""
    with connection.cursor() as cursor:
        cursor.execute(_ANY_KNOWN.format(", ".join(["%s"] * len(ids))), [channel, *ids])
        return cursor.fetchone() is not None


def _chunks(items: list[str], size: int) -> Iterable[list[str]]:
    return (items[i : i + size] for i in range(0, len(items), size))


def contradiction(report: NewReport) -> Conflict:
    """The same id came before with other content."""
    return Conflict(
        "report.contradicts",
        f"Report '{report.external_id}' of channel '{report.channel}' came before with other "
        "content. Send a correction under a new id, or comment on its case.",
        f"渠道“{report.channel}”的外部编号“{report.external_id}”已存在且内容不同，"
        "请使用新编号提交更正，或在原案卷补充说明。",
        where="external_id",
        details={"channel": report.channel, "external_id": report.external_id},
    )
