"""Training again when people have corrected enough: on what the model was given and on what they
said since. A model that is no better stays out of service (ai.triage.domain.compare)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, F, Min

from cityloop.ai.triage.commands import Trained, train
from cityloop.ai.triage.examples import Examples, corrections_so_far
from cityloop.ai.triage.models import Correction, ModelVersion
from cityloop.ai.triage.sets import find_set
from cityloop.business.catalogue.queries import catalogue
from cityloop.business.dispatch.commands.learning import (
    CLASS,
    DEPARTMENT,
    class_phrases,
    department_phrases,
    examples_of_catalogue,
)
from cityloop.city.accounts.domain import Viewer
from cityloop.city.profile import load_profile

# Figures of the profile's [triage], with what holds where it says nothing.
AFTER, AT_LATEST_H, FIRST_DEPARTMENTS = 20, 24, 300


def due_kinds(*, now: datetime) -> list[str]:
    """Kinds whose model should be trained again: enough corrections that contradict it, or a few
    that have waited for a day. A first department model begins with some hundreds of labels."""
    said = load_profile().settings.get("triage", {})
    after = int(said.get("retrain_after", AFTER))
    latest = now - timedelta(hours=float(said.get("retrain_hours", AT_LATEST_H)))
    fresh = Correction.objects.filter(used_in__isnull=True).exclude(chosen=F("suggested"))
    counts = {
        kind: (n, first)
        for kind, n, first in fresh.order_by()
        .values_list("kind")
        .annotate(n=Count("pk"), first=Min("at"))
    }
    active = set(ModelVersion.objects.filter(active=True).values_list("kind", flat=True))
    due = [k for k in active if k in counts and (counts[k][0] >= after or counts[k][1] <= latest)]
    if DEPARTMENT not in active:
        labels = Correction.objects.filter(kind=DEPARTMENT, used_in__isnull=True).count()
        if labels >= int(said.get("first_departments", FIRST_DEPARTMENTS)):
            due.append(DEPARTMENT)
    return sorted(due)


def train_again(kind: str, *, actor: Viewer, now: datetime) -> Trained:
    """The active model's own texts and every correction so far, as a new version.

    Raises: NotAllowed, DomainError as `ai.triage.commands.train`.
    """
    active = ModelVersion.objects.filter(kind=kind, active=True).first()
    known = catalogue()
    given = Examples()
    given.extend((find_set(active) if active else None) or _first(kind))
    phrases = class_phrases(known) if kind == CLASS else {}
    given.extend(corrections_so_far(set(phrases) if kind == CLASS else None, kind=kind))
    if kind == DEPARTMENT:
        phrases = department_phrases(set(given.labels))
    return train(
        given,
        phrases=phrases,
        name=f"{len(given.corrections)} corrections",
        kind=kind,
        accuracy=active.accuracy if active else None,
        catalogue_version=known.number,
        actor=actor,
        now=now,
    )


def _first(kind: str) -> Examples:
    """Where nothing was kept: the profile's examples; of departments there are none."""
    return examples_of_catalogue(load_profile(), catalogue()) if kind == CLASS else Examples()
