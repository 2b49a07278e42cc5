"""Agreeing to tracks, and taking it back: what is kept goes at once."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from cityloop.business.patrol.models import Consent, TrackPart
from cityloop.business.patrol.rules import need_worker
from cityloop.business.patrol.settings import patrol_settings
from cityloop.city.accounts.domain import Viewer
from cityloop.city.audit.commands import Draft, record
from cityloop.city.db import write
from cityloop.kernel.errors import Conflict


def give_consent(version: str, *, actor: Viewer, now: datetime) -> Consent:
    """Agree to the text of this version.

    Raises: Conflict("consent.version") when another text is in force.
    """
    user_id = need_worker(actor)
    current = patrol_settings().consent_version
    if version != current:
        raise Conflict(
            "consent.version",
            f"The text in force is version {current}, you agreed to {version!r:.30}. "
            "Read it again.",
            f"当前告知书为第 {current} 版，您同意的是 {version!r:.30}，请重新阅读。",
            where="version",
        )
    try:
        with write():
            known = Consent.objects.filter(user_id=user_id, withdrawn_at=None).first()
            if known is not None and known.version == current:
                return known
            if known is not None:
                Consent.objects.filter(pk=known.pk).update(withdrawn_at=now)
            given = Consent.objects.create(user_id=user_id, version=current, given_at=now)
            record(
                Draft("patrol.consent_given", "user", user_id, {"version": current}),
                actor=actor,
                now=now,
            )
    except IntegrityError:  # the same person, twice at once
        return Consent.objects.get(user_id=user_id, withdrawn_at=None)
    return given


def withdraw_consent(*, actor: Viewer, now: datetime) -> int:
    """Take it back; every stored track of this person is deleted. Returns: parts deleted."""
    user_id = need_worker(actor)
    with write():
        done = Consent.objects.filter(user_id=user_id, withdrawn_at=None).update(withdrawn_at=now)
        parts, _ = TrackPart.objects.filter(patrol__user_id=user_id).delete()
        if done:
            record(
                Draft("patrol.consent_withdrawn", "user", user_id, {"parts_deleted": parts}),
                actor=actor,
                now=now,
            )
    return parts
