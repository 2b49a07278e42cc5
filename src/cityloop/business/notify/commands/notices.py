"""Events of a case become notices to everybody who reported it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cityloop.business.cases.informing import ToTell, news_of, reports_to_tell
from cityloop.business.notify.channels import CHANNELS, PAGE, chosen_channel
from cityloop.business.notify.domain import TEXT_OF
from cityloop.business.notify.models import Notice
from cityloop.business.notify.texts import told
from cityloop.city.audit.domain import EventView
from cityloop.city.audit.queries import private_texts
from cityloop.city.db import allocate_ids, write
from cityloop.city.jobs.commands import enqueue_many
from cityloop.city.profile import load_profile

JOB = "notify.notice"
# Where nobody stands behind a report, nobody is told: machines, files of former years.
SILENT = ["sensor", "video", "file"]


def add_notices(events: Sequence[EventView], *, now: datetime) -> int:
    """Notices for the moves that reporters are told of; returns how many.

    Reporters of cases merged into a case are told what happens to it, under their own number.
    """
    moves = [e for e in events if e.kind in TEXT_OF and e.subject_type == "case"]
    if not moves:
        return 0
    behind = reports_to_tell({e.subject_id for e in moves})
    news = news_of({e.subject_id for e in moves})
    private = private_texts([e.id for e in moves])
    channel = chosen_channel()
    rows = []
    for event in moves:
        for to in behind.get(event.subject_id, []):
            if _is_silent(to):
                continue
            zh, en = told(_key(event), to, news[event.subject_id], event, private.get(event.id, {}))
            rows.append(
                Notice(
                    report_id=to.report_id,
                    position=event.position,
                    kind=event.kind,
                    text_zh=zh,
                    text_en=en,
                    created_at=now,
                    channel=channel if to.has_contact else PAGE,
                )
            )
    for row, pk in zip(rows, allocate_ids(Notice, len(rows)), strict=True):
        row.pk = pk
    Notice.objects.bulk_create(rows)
    sent = [({"notice": r.pk}, f"notice:{r.pk}") for r in rows if r.channel != PAGE]
    if sent:
        enqueue_many(JOB, sent, run_at=now, now=now)
    return len(rows)


def _key(event: EventView) -> str:
    if event.kind == "case.receive" and event.data.get("cell") is None:
        return "need_place"
    return TEXT_OF[event.kind]


def _is_silent(to: ToTell) -> bool:
    silent = load_profile().settings.get("notices", {}).get("silent_channels", SILENT)
    return to.channel in silent and not to.has_contact


def send_notice(notice_id: int, *, now: datetime) -> None:
    """Send one notice by its channel. Raises what the channel raises, to be tried again."""
    notice = Notice.objects.filter(pk=notice_id, delivered_at__isnull=True).first()
    if notice is None or notice.channel == PAGE:
        return
    CHANNELS[notice.channel](notice, now)
    with write():
        Notice.objects.filter(pk=notice_id).update(delivered_at=now)
