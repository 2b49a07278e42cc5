"""A city's own catalogue from a file: read whole, or refused with every row that cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cityloop.business.catalogue.commands.duties_file import read_duties
from cityloop.business.catalogue.commands.reading import Reading, read_catalogue
from cityloop.business.catalogue.commands.units import (
    Units,
    active_departments,
    create_units,
    match_units,
    with_departments,
)
from cityloop.business.catalogue.commands.versions import (
    ClassSpec,
    DutySpec,
    activate,
    fingerprint,
    write_version,
)
from cityloop.business.catalogue.models import Version
from cityloop.business.catalogue.rules import need_writer
from cityloop.city.accounts.domain import Viewer
from cityloop.city.db import write


@dataclass
class Imported:
    """What an import did or, in a dry run, would do. version None: nothing was written."""

    reading: Reading
    units: Units
    version: Version | None = None
    same_as: Version | None = None
    renamed: tuple[str, ...] = ()


def import_catalogue(
    path: Path | str,
    *,
    name: str = "",
    duties: Path | str | None = None,
    create_departments: bool = False,
    allow_refused: bool = False,
    force: bool = False,
    dry_run: bool = False,
    actor: Viewer,
    now: datetime,
) -> Imported:
    """Write a file as the next version and make it the active one; open cases stay on theirs.

    Args:
        duties: a duty table beside it (see `read_duties`).
        create_departments: make a department of each handling unit that matches none.
        allow_refused: write what can be read although rows were refused.
        force: write a new version although the content is that of an earlier one, which
            otherwise is only made active again.
    Raises: NotAllowed; DomainError as `read_catalogue`; nothing is written then.
    """
    need_writer(actor)
    known = active_departments()
    reading = read_catalogue(path, departments={key for key, _ in known})
    units = match_units(reading.classes, departments=known)
    done = Imported(reading, units, renamed=_renamed(reading.classes))
    if dry_run or (reading.refused and not allow_refused):
        return done
    table = read_duties(duties, departments={key for key, _ in known}) if duties else []
    with write():
        if create_departments:
            create_units(units, actor=actor, now=now)
        classes = with_departments(reading.classes, units)
        done.same_as = _same(classes, table)
        if done.same_as is not None and not force:
            if not done.same_as.active:
                activate(done.same_as, actor=actor, now=now)
            return done
        done.version = write_version(
            name=name or Path(path).stem[:120],
            source=Path(path).name[:200],
            classes=classes,
            duties=table,
            actor=actor,
            now=now,
        )
    return done


def _same(classes: Sequence[ClassSpec], duties: Sequence[DutySpec]) -> Version | None:
    mark = fingerprint(classes, duties)
    return Version.objects.filter(fingerprint=mark).order_by("-active", "-number").first()


def _renamed(classes: Sequence[ClassSpec]) -> tuple[str, ...]:
    """Classes whose code means something else in the active version: models must learn anew."""
    active = Version.objects.filter(active=True).first()
    if active is None:
        return ()
    names = dict(active.classes.values_list("key", "name_zh"))
    return tuple(
        f"{c.key} {names[c.key]} → {c.name_zh}"
        for c in classes
        if c.key in names and names[c.key] != c.name_zh
    )
