"""The profile's own catalogue and departments."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from cityloop.business.catalogue.commands.versions import (
    ClassSpec,
    ConditionSpec,
    DutySpec,
    write_version,
)
from cityloop.business.catalogue.models import Version
from cityloop.city.accounts.commands import set_department
from cityloop.city.accounts.domain import Viewer
from cityloop.city.profile import Profile, load_profile

AREA_OFFICE = "subdistrict"
"""Kind of department that answers where no other owner is known."""


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(w.strip() for w in (text or "").split("|") if w.strip())


def load_departments(*, actor: Viewer, now: datetime) -> int:
    """Create or refresh the profile's departments; returns how many there are."""
    rows = load_profile().rows("departments.csv")
    for row in rows:
        set_department(
            row["key"],
            name_zh=row["zh"],
            name_en=row["en"],
            kind=row["kind"],
            skills=row["remark"],
            is_fallback=row["kind"] == AREA_OFFICE,
            actor=actor,
            now=now,
        )
    return len(rows)


def load_from_profile(*, actor: Viewer, now: datetime) -> Version:
    """Write the profile's catalogue as a new active version."""
    profile = load_profile()
    name = profile.settings.get("name", {}).get("zh", profile.folder.name)
    return write_version(
        name=name,
        source=f"profile {profile.folder.name}",
        classes=profile_classes(profile),
        duties=profile_duties(profile),
        actor=actor,
        now=now,
    )


def profile_classes(profile: Profile) -> list[ClassSpec]:
    """Classes with their conditions, in the order of the files."""
    conditions: dict[tuple[str, str], list[ConditionSpec]] = defaultdict(list)
    for row in profile.rows("conditions.csv"):
        conditions[row["kind"], row["code"]].append(_condition(row))
    return [
        ClassSpec(
            kind=row["kind"],
            code=row["code"],
            big_zh=row["big_zh"],
            big_en=row["big_en"],
            name_zh=row["zh"],
            name_en=row["en"],
            aliases=_words(row["aliases_zh"]) + _words(row["aliases_en"]),
            urgency=row["urgency"] or "normal",
            conditions=tuple(conditions[row["kind"], row["code"]]),
        )
        for row in profile.rows("classes.csv")
    ]


def _condition(row: dict[str, str]) -> ConditionSpec:
    return ConditionSpec(
        file_zh=row["zh_file"],
        file_en=row["en_file"],
        close_zh=row["zh_close"],
        close_en=row["en_close"],
        limit_value=float(row["limit_value"]),
        limit_unit=row["limit_unit"],
        departments=_words(row["department"]),
        evidence=row["evidence"] or "none",
        is_default=row["default"] == "1",
    )


def profile_duties(profile: Profile) -> list[DutySpec]:
    """The duty table; `component,0101` becomes the pattern C0101, `C01*` stays."""
    duties = []
    for row in profile.rows("duties.csv"):
        code = row["code"]
        pattern = code if code[:1].isalpha() else f"{row['kind'][0].upper()}{code}"
        duties.append(
            DutySpec(pattern, row["lead"], _words(row.get("co")), remark=row.get("remark") or "")
        )
    return duties
