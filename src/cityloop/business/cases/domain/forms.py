"""The form of a move: which fields, of which kind, what is needed. Pure.

A page builds its form from this and from nothing else, so a new row of the move table has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cityloop.business.cases.domain.moves import Move, Need

WORDS_MAX, TEXT_MAX, CLOSING_MAX, PHOTOS_MAX, PARTS_MAX = 2000, 20_000, 400, 40, 12


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a move's form.

    Args:
        name: of MoveIn ("place" stands for lon, lat, area_code and address together).
        kind: words, photos, condition, place, department, departments, case, moment, parts,
            answer (yes or no), task, urgency (one of the levels).
        required: the move is refused without it.
        most: characters of words, photos, parts.
        stage: photos: the stage they are taken in as.
        earliest, latest: of a moment.
        chosen: what it has now or what routing suggests (several: by commas); a page fills it in.
        options: row ids to choose from, for a task.
    """

    name: str
    kind: str
    required: bool
    most: int | None = None
    least: int | None = None
    stage: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    chosen: int | str | None = None
    options: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the form of a move has to know of its case.

    Args:
        is_placed: the place is known.
        has_evidence: no further photo of the result is needed.
        tasks: live tasks that the viewer may act for by this move.
        lead, co: departments that routing names.
        urgency: the level it has.
    """

    now: datetime
    longest: datetime
    condition_id: int | None = None
    is_placed: bool = False
    has_evidence: bool = True
    tasks: tuple[int, ...] = ()
    lead: str = ""
    co: tuple[str, ...] = ()
    urgency: str = ""


# What a move may bring along beyond its needs.
MAY_BRING: dict[str, tuple[str, ...]] = {
    "confirm": ("text", "photos:check"),
    "refute": ("photos:check",),
    "pass": ("text", "photos:verify"),
    "fail": ("photos:verify",),
    "feed_back": ("photos:before",),
    "finish": ("photos:after",),
    "dispatch": ("co", "condition"),
    "reroute": ("co", "condition"),
    "accept": ("text",),
}
OWN_TASK = frozenset({"accept", "return", "feed_back", "finish"})
PHOTO_STAGES = {"settle": "after", "finish": "after"}


def form_of(move: Move, known: Known) -> list[Field]:
    """The fields of a move in the order in which people think of them."""
    fields = {f.name: f for f in _extras(move, known)}
    for need in move.needs:
        for field in _needed(need, move, known):
            fields[field.name] = field
    if move.name in OWN_TASK and len(known.tasks) > 1:
        fields["task_id"] = Field("task_id", "task", True, options=known.tasks)
    return sorted(fields.values(), key=lambda f: ORDER.index(f.name))


ORDER = (
    "task_id",
    "condition_id",
    "urgency",
    "place",
    "lead",
    "co",
    "target",
    "parts",
    "until",
    "responded",
    "solved",
    "satisfied",
    "closing",
    "text",
    "reason",
    "photo_ids",
)


WRITTEN = {Need.REASON: WORDS_MAX, Need.TEXT: TEXT_MAX, Need.CLOSING: CLOSING_MAX}


def _needed(need: Need, move: Move, known: Known) -> Iterator[Field]:
    if need in WRITTEN:
        yield Field(need.value, "words", True, most=WRITTEN[need])
    elif need in {Need.PHOTO, Need.EVIDENCE}:
        wanted = need is Need.PHOTO or not known.has_evidence
        yield _photos(PHOTO_STAGES.get(move.name, "after"), required=wanted)
    elif need is Need.CONDITION:
        corrects = move.name == "reclassify"
        yield _condition(known, required=corrects or known.condition_id is None)
    elif need is Need.PLACE:
        yield Field("place", "place", move.name == "relocate" or not known.is_placed)
    elif need is Need.DEPARTMENT:
        yield Field("lead", "department", True, chosen=known.lead or None)
        co = ",".join(known.co) or None
        yield Field("co", "departments", False, most=PARTS_MAX, chosen=co)
    elif need is Need.CO:
        yield Field("co", "departments", True, most=PARTS_MAX)
    elif need is Need.TARGET:
        yield Field("target", "case", True)
    elif need is Need.UNTIL:
        yield Field("until", "moment", True, earliest=known.now, latest=known.longest)
    elif need is Need.PARTS:
        yield Field("parts", "parts", True, least=2, most=PARTS_MAX)
    elif need is Need.URGENCY:
        yield Field("urgency", "urgency", True, chosen=known.urgency or None)
    elif need is Need.RATING:
        yield Field("solved", "answer", True)
        yield Field("satisfied", "answer", False)
        yield Field("responded", "answer", False)


def _extras(move: Move, known: Known) -> Iterator[Field]:
    for extra in MAY_BRING.get(move.name, ()):
        kind, _, stage = extra.partition(":")
        if kind == "photos":
            yield _photos(stage, required=False)
        elif kind == "text":
            yield Field("text", "words", False, most=TEXT_MAX)
        elif kind == "co":
            yield Field("co", "departments", False, most=PARTS_MAX)
        elif kind == "condition":
            yield _condition(known, required=False)


def _photos(stage: str, *, required: bool) -> Field:
    return Field("photo_ids", "photos", required, most=PHOTOS_MAX, stage=stage)


def _condition(known: Known, *, required: bool) -> Field:
    return Field("condition_id", "condition", required, chosen=known.condition_id)
