"""What the loop keeps no longer than it must: reporters' data, and photos of ended cases."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from cityloop.business.cases.commands.reporters import erase
from cityloop.business.cases.models import Case, Photo, Reporter
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record_many
from cityloop.city.db import write


def reporters_before(before: datetime) -> int:
    """Reporters not erased yet whose report came in before a moment and whose case has ended."""
    return _reporters(before).count()


def erase_reporters_before(before: datetime, *, limit: int, actor: Viewer, now: datetime) -> int:
    """Erase them, on record; how many (at most `limit`). The ledger holds no personal data."""
    with write():
        rows = list(_reporters(before).select_related("report").order_by("pk")[:limit])
        erase(rows, actor=actor, now=now)
    return len(rows)


def photos_before(before: datetime) -> int:
    """Photos of cases that ended before a moment."""
    return _photos(before).count()


def erase_photos_before(before: datetime, *, limit: int, actor: Viewer, now: datetime) -> int:
    """Delete them, files included; the trace keeps their digests.

    The rows go first: a file without a row is rubbish, a row without a file would be a loss.
    """
    with write():
        rows = list(_photos(before).order_by("pk")[:limit])
        drafts = [
            Draft("photo.erased", "case", p.case_id, {"photo": p.pk, "sha256": p.sha256})
            for p in rows
        ]
        if drafts:
            record_many(drafts, actor=actor, now=now)
        Photo.objects.filter(pk__in=[p.pk for p in rows]).delete()
    for photo in rows:
        for file in (photo.image, photo.thumbnail):
            name, storage = file.name, file.storage
            others = Photo.objects.filter(image=name).exists()
            if name and not others:
                storage.delete(name)
    return len(rows)


def cases_kept() -> int:
    """How many cases there are."""
    return Case.objects.count()


def _reporters(before: datetime) -> QuerySet[Reporter]:
    rows = Reporter.objects.filter(erased_at__isnull=True, report__received_at__lt=before)
    open_case = Case.objects.filter(pk=OuterRef("report__case_id"), ended_at__isnull=True)
    return rows.filter(~Exists(open_case))


def _photos(before: datetime) -> QuerySet[Photo]:
    return Photo.objects.filter(case__ended_at__lt=before)
