"""Opening an import: a new one, the one that stands half-way, or the one that is done."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.files.base import File

from cityloop.business.cases.commands.checking import CHANNEL
from cityloop.business.intake.commands.run import prepared
from cityloop.business.intake.domain import ReportMap
from cityloop.business.intake.domain.storable import storable
from cityloop.business.intake.files import (
    forget_upload,
    keep_upload,
    local_copy,
    map_of,
    sha256_of,
)
from cityloop.business.intake.models import ImportRun
from cityloop.business.intake.rules import need_importer
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.city.jobs.commands import enqueue
from cityloop.kernel.errors import DomainError

JOB = "intake.import"


@dataclass(frozen=True)
class MapFile:
    """A mapping as it was given: its text, and the name it goes by."""

    text: str
    name: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()


def open_run(
    path: Path,
    *,
    given: MapFile,
    channel: str = "",
    dry_run: bool = False,
    stored: str = "",
    file_name: str = "",
    actor: Viewer,
    now: datetime,
) -> ImportRun:
    """The run of a file under a mapping in a channel. The same three give the same run, in
    whatever state it is; a dry run is a new one each time.

    Args:
        channel: empty = the one that the mapping names.
        stored: where an uploaded file is kept, for the job that reads it.
    Raises: NotAllowed("import.not_yours"), DomainError of the mapping and of the file.
    """
    need_importer(actor)
    mapping = map_of(given.text)
    channel = _channel(channel, mapping)
    ready = prepared(path, mapping, channel)
    key = {
        "channel": channel,
        "file_sha256": sha256_of(path),
        "map_sha256": given.sha256,
        "dry_run": dry_run,
    }
    with write():
        known = None if dry_run else ImportRun.objects.filter(**key).first()
        if known is not None:
            return known
        run = ImportRun.objects.create(
            **key,
            file_name=storable(file_name or path.name, 255),
            file_size=path.stat().st_size,
            rows_expected=ready.table.row_count_estimate,
            stored=stored,
            map_name=given.name[:80],
            map_text=given.text,
            started_by=actor.user_id,
            created_at=now,
        )
        data = {"channel": channel, "sha256": run.file_sha256, "dry_run": dry_run}
        record(Draft("import.started", "import", run.pk, data), actor=actor, now=now)
    return run


def upload(
    file: File[bytes],
    name: str,
    *,
    given: MapFile,
    channel: str = "",
    dry_run: bool = False,
    actor: Viewer,
    now: datetime,
) -> ImportRun:
    """Take in an uploaded file and have it imported by the worker.

    A file that cannot be read under the mapping is refused here, before anything is kept.
    """
    need_importer(actor)
    map_of(given.text)
    stored = keep_upload(file, name)
    try:
        with local_copy(stored) as path:
            run = open_run(
                path, given=given, channel=channel, dry_run=dry_run, stored=stored,
                file_name=Path(name).name, actor=actor, now=now,
            )  # fmt: skip
    except Exception:
        forget_upload(stored)
        raise
    if run.state == "done":
        forget_upload(stored)
        return run
    _keep_stored(run, stored)
    want(run, now=now)
    return run


def want(run: ImportRun, *, now: datetime) -> None:
    """Ask the worker to carry a run on from where it stands."""
    with write():
        enqueue(JOB, {"run": run.pk}, run_at=now, now=now, dedupe_key=f"{run.pk}:{run.position}")


def _keep_stored(run: ImportRun, stored: str) -> None:
    """The file came again for a run that stands half-way: one copy is enough."""
    if run.stored == stored:
        return
    if run.stored:
        forget_upload(run.stored)
    run.stored = stored
    run.save(update_fields=["stored"])


def _channel(given: str, mapping: ReportMap) -> str:
    channel = given or mapping.channel
    if CHANNEL.match(channel):
        return channel
    raise DomainError(
        "import.channel",
        f"'{channel}' is no channel. Name one (--channel hotline, or `channel` in the mapping): "
        "2 to 24 of a-z 0-9 _ . -",
        f"“{channel}”不是有效渠道，请以 --channel 或映射中的 channel 指定（2 至 24 位小写字母、"
        "数字或 _ . -）。",
        where="channel",
    )
