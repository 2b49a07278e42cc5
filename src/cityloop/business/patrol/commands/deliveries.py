"""What a device hands in happens once, whoever sends it: the page, its service worker, or both.

Every item carries an id made on the device and the user it belongs to. The row that remembers the
id and what the item does are one transaction: a repeat gets the first answer, a refused item
leaves nothing behind and may be mended and sent again under its id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError

from cityloop.business.cases.commands import move, receive
from cityloop.business.cases.commands.photos import check_stage, keep_photo
from cityloop.business.cases.domain.values import NewReport
from cityloop.business.cases.queries import get_case_by_number
from cityloop.business.patrol.commands.defects import report_of
from cityloop.business.patrol.commands.patrols import (
    add_track,
    end_patrol,
    start_patrol,
    tick_cell,
)
from cityloop.business.patrol.domain import Point, fingerprint
from cityloop.business.patrol.models import Delivery
from cityloop.business.patrol.rules import need_worker
from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write
from cityloop.city.elements.commands import inspect
from cityloop.engines.pictures import take_in
from cityloop.kernel.errors import Conflict, DomainError

CHANNEL = "grid"
LATE = timedelta(minutes=5)
REPORTING = ("report", "inspect")  # kinds of items that a case may have come of
Answer = dict[str, Any]


def deliver_report(client_id: str, report: NewReport, *, actor: Viewer, now: datetime) -> Answer:
    """A report; its case number. `receive` itself takes it once, by channel and id."""
    user_id = need_worker(actor)
    mine = replace(report, channel=CHANNEL, external_id=f"{user_id}.{client_id}")
    content = {"external_id": mine.external_id}
    known = _known(user_id, client_id, "report", None)
    receipt = receive(mine, actor=actor, now=now)
    answer = {"number": receipt.number, "case_id": receipt.case_id, "report_id": receipt.report_id}
    if known is None:
        _once("report", client_id, content, lambda: answer, user_id=user_id, now=now)
    return {**answer, "state": receipt.state, "class_key": receipt.class_key,
            "repeated": not receipt.created}  # fmt: skip


def deliver_photo(
    client_id: str,
    data: bytes,
    *,
    stage: str,
    number: str = "",
    report: str = "",
    actor: Viewer,
    now: datetime,
) -> Answer:
    """A photo of a case, named by its number or by the client id of the own report or inspection.

    Raises: Conflict("delivery.report_first") when that report has not come yet.
    """
    user_id = need_worker(actor)
    check_stage(stage)
    content = {
        "stage": stage,
        "number": number,
        "report": report,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    known = _known(user_id, client_id, "photo", fingerprint("photo", content))
    if known is not None:
        return known
    case_id, report_id = _target(number, report, user_id, actor)
    picture = take_in(data)  # before the transaction: decoding may take a second

    def act() -> Answer:
        row = keep_photo(case_id, picture, stage=stage, actor=actor, now=now, report_id=report_id)
        return {"photo_id": row.pk}

    return _once("photo", client_id, content, act, user_id=user_id, now=now)


def deliver_move(
    client_id: str,
    name: str,
    *,
    number: str = "",
    report: str = "",
    photos: Sequence[str] = (),
    at: datetime,
    inputs: Mapping[str, Any],
    actor: Viewer,
    now: datetime,
) -> Answer:
    """A move on a case; `photos` are client ids of photos that came before.

    Args:
        at: when the worker did it; where that was some time ago the text says so.
    Raises: Conflict("delivery.report_first", "delivery.photo_first") and what `move` raises.
    """
    user_id = need_worker(actor)
    content = {
        "move": name,
        "number": number,
        "report": report,
        "photos": list(photos),
        "inputs": dict(inputs),
    }
    known = _known(user_id, client_id, "move", fingerprint("move", content))
    if known is not None:
        return known
    case_id, _ = _target(number, report, user_id, actor)
    given = {**inputs, "photo_ids": _photo_ids(photos, user_id)}
    if now - at > LATE:
        given["text"] = _noted(str(given.get("text", "")), at)

    def act() -> Answer:
        case = move(case_id, name, actor=actor, now=now, **given)
        return {"number": case.number, "state": case.state}

    return _once("move", client_id, content, act, user_id=user_id, now=now)


def deliver_inspection(
    client_id: str,
    element_id: int,
    *,
    result: str,
    note: str = "",
    at: datetime,
    actor: Viewer,
    now: datetime,
) -> Answer:
    """What was found on a component. What is wrong is reported at once: photos may follow.

    Args:
        element_id: id of any version of the component.
        result, note: as `elements.commands.inspect` takes them.
        at: when the worker looked; where that was some time ago the note says so.
    Raises: what `inspect` and `receive` raise.
    """
    user_id = need_worker(actor)
    said = _noted(note, at) if now - at > LATE else note

    def act() -> Answer:
        row, _ = inspect(
            element_id, result=result, note=said, external_id=client_id, actor=actor, now=now
        )
        return report_of(row.pk, actor=actor, now=now)

    content = {"element": element_id, "result": result, "note": note}
    return _once("inspect", client_id, content, act, user_id=user_id, now=now)


def deliver_start(
    client_id: str, *, plan: str, at: datetime, actor: Viewer, now: datetime
) -> Answer:
    """A patrol begins; its client id names it from now on."""
    user_id = need_worker(actor)

    def act() -> Answer:
        row = start_patrol(client_id, user_id=user_id, plan=plan, at=at, actor=actor, now=now)
        return {"until": row.until.isoformat()}

    content = {"plan": plan, "at": at}
    return _once("start", client_id, content, act, user_id=user_id, now=now)


def deliver_end(
    client_id: str, *, patrol: str, at: datetime, actor: Viewer, now: datetime
) -> Answer:
    """A patrol ends."""
    user_id = need_worker(actor)

    def act() -> Answer:
        end_patrol(patrol, user_id=user_id, at=at, actor=actor, now=now)
        return {}

    content = {"patrol": patrol, "at": at}
    return _once("end", client_id, content, act, user_id=user_id, now=now)


def deliver_visit(
    client_id: str,
    *,
    patrol: str,
    cell_code: str,
    answers: Mapping[str, str],
    at: datetime,
    actor: Viewer,
    now: datetime,
) -> Answer:
    """A cell was looked at."""
    user_id = need_worker(actor)

    def act() -> Answer:
        row = tick_cell(patrol, cell_code, answers, user_id=user_id, at=at, now=now)
        return {"cell_id": row.cell_id}

    content = {"patrol": patrol, "cell": cell_code, "answers": dict(answers), "at": at}
    return _once("visit", client_id, content, act, user_id=user_id, now=now)


def deliver_track(
    client_id: str, *, patrol: str, points: Sequence[Point], actor: Viewer, now: datetime
) -> Answer:
    """Some minutes of a track. Answers how many points were kept and how many lay outside."""
    user_id = need_worker(actor)

    def act() -> Answer:
        part, outside = add_track(patrol, points, user_id=user_id, now=now)
        return {"kept": part.count if part else 0, "outside": outside}

    # Only their hash: no place may stay in a row that outlives the track.
    said = hashlib.sha256(repr([p.packed() for p in points]).encode()).hexdigest()
    content = {"patrol": patrol, "points": said}
    return _once("track", client_id, content, act, user_id=user_id, now=now)


def _once(
    kind: str,
    client_id: str,
    content: Mapping[str, Any],
    act: Callable[[], Answer],
    *,
    user_id: int,
    now: datetime,
) -> Answer:
    mark = fingerprint(kind, content)
    for attempt in (1, 2, 3):
        known = _known(user_id, client_id, kind, mark)
        if known is not None:
            return known
        try:
            with write():
                row = Delivery.objects.create(
                    user_id=user_id, client_id=client_id, kind=kind, fingerprint=mark, at=now
                )
                row.answer = act()
                row.save(update_fields=["answer"])
            return {**row.answer, "repeated": False}
        except IntegrityError:
            # The same item came by the other way between our look and our write; look again.
            if attempt == 3:
                raise
    raise AssertionError("unreachable")


def _known(user_id: int, client_id: str, kind: str, mark: str | None) -> Answer | None:
    row = Delivery.objects.filter(user_id=user_id, client_id=client_id).first()
    if row is None:
        return None
    if row.kind != kind or (mark is not None and row.fingerprint != mark):
        raise Conflict(
            "delivery.contradicts",
            f"The item {client_id} came before with other content. Send it under a new id.",
            f"编号 {client_id} 的内容已送达且与本次不同，请使用新编号提交。",
            where="client_id",
        )
    return {**row.answer, "repeated": True}


def _target(number: str, report: str, user_id: int, actor: Viewer) -> tuple[int, int | None]:
    """(case, report or None) that an item is about."""
    if number:
        return get_case_by_number(actor, number).pk, None
    made = Delivery.objects.filter(user_id=user_id, client_id=report, kind__in=REPORTING)
    row = made.first()
    if row is not None and "case_id" not in row.answer:
        raise DomainError(
            "delivery.nothing_wrong",
            "This inspection found nothing wrong, so there is no case to keep a photo with.",
            "该次巡检未发现问题，没有案卷可附照片。",
            where="report",
        )
    if row is None:
        raise Conflict(
            "delivery.report_first",
            "The report this belongs to has not come yet. Send the report first.",
            "所属上报尚未送达，请先送达上报。",
            where="report",
        )
    return row.answer["case_id"], row.answer["report_id"]


def _photo_ids(photos: Sequence[str], user_id: int) -> tuple[int, ...]:
    rows = Delivery.objects.filter(user_id=user_id, client_id__in=list(photos), kind="photo")
    found = {row.client_id: row.answer["photo_id"] for row in rows}
    if len(found) < len(set(photos)):
        raise Conflict(
            "delivery.photo_first",
            "A photo this needs has not come yet. Send the photos first.",
            "所需照片尚未送达，请先送达照片。",
            where="photos",
        )
    return tuple(found[p] for p in photos)


def _noted(text: str, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    note = f"（现场办理时间 {local:%Y-%m-%d %H:%M}，联网后送达 done then, sent when online）"
    return f"{text}\n{note}".strip()


def need_same_user(actor: Viewer, user_id: int) -> None:
    """An item goes out under the log-in of who made it, or not at all.

    Raises: Conflict("delivery.other_user").
    """
    if actor.user_id != user_id:  # asked before the role: an item is no refusal to a stranger
        raise Conflict(
            "delivery.other_user",
            "This was made by another person on this device; it waits for that person's log-in.",
            "该内容由本设备上的另一位人员填写，将在其本人登录后送达。",
            where="user_id",
        )
    need_worker(actor)
