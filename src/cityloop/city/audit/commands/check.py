"""Before the sequencer writes on: do the stored tiles still lead to what was signed?"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import Max

from cityloop.city.audit.commands.record import Draft, record
from cityloop.city.audit.keys import signing_key
from cityloop.city.audit.models import Checkpoint, Event, LedgerHead
from cityloop.city.audit.tiles import TableTiles
from cityloop.city.db import write
from cityloop.city.viewer import SYSTEM
from cityloop.engines.ledger import TileLog, verify_checkpoint
from cityloop.kernel.errors import Conflict, DomainError

log = logging.getLogger(__name__)
ALARM = "ledger.alarm"


def check_ledger() -> None:
    """Compare key, head, rows' numbers and the newest signed root; a few row reads.

    Raises: DomainError("ledger.key_changed", "ledger.head_differs", "ledger.root_differs",
        "ledger.signature_wrong", "ledger.tile_missing", "ledger.tile_short").
    """
    head = LedgerHead.objects.filter(pk=1).first()
    newest = Checkpoint.objects.order_by("-size").first()
    last = Event.objects.aggregate(last=Max("position"))["last"]
    size = head.size if head else 0
    if size != (0 if last is None else last + 1) or (newest and newest.size > size):
        raise _head_differs(size, last, newest.size if newest else 0)
    if head is None:
        return
    key = signing_key().verify_key
    if head.public_key and head.public_key != key.text:
        raise Conflict(
            "ledger.key_changed",
            f"The log is signed with {head.public_key}, but the file ledger.key in the data folder "
            f"holds {key.text}. Restore the key file from its copy.",
            f"日志以 {head.public_key} 签名，而数据目录中 ledger.key 为 {key.text}，"
            "请恢复原密钥文件。",
        )
    tiles = TileLog(TableTiles(), size)
    if newest:
        signed = verify_checkpoint(newest.note, key)
        if tiles.root(newest.size) != signed.root or signed.size != newest.size:
            raise _root_differs(newest.size)


def _head_differs(size: int, last: int | None, signed: int) -> Conflict:
    return Conflict(
        "ledger.head_differs",
        f"The head says {size} entries, the last numbered row is {last}, the newest checkpoint "
        f"vouches for {signed}. Stop writing, run `cityloop audit verify`, restore from a backup.",
        f"日志头为 {size} 条，最后编号为 {last}，最新检查点为 {signed} 条。"
        "请停止写入，运行 cityloop audit verify，并从备份恢复。",
    )


def _root_differs(size: int) -> Conflict:
    return Conflict(
        "ledger.root_differs",
        f"The tiles do not lead to the root signed for {size} entries. Stop writing, run "
        "`cityloop audit verify`, restore from a backup.",
        f"存储的哈希块与 {size} 条时签署的根不一致。请停止写入，运行 cityloop audit verify，"
        "并从备份恢复。",
    )


def raise_alarm(error: DomainError, *, now: datetime) -> None:
    """Say it in the log and, once until the log goes on, in the trace."""
    log.critical("The ledger is not continued: %s", error)
    with write():
        pending = Event.objects.filter(position__isnull=True, kind=ALARM)
        if not pending.exists():
            draft = Draft(ALARM, "ledger", 0, data={"code": error.code})
            record(draft, actor=SYSTEM, now=now)
