"""What the people of the district report: the profile's example texts, at invented places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cityloop.hub.demo.domain.dice import Dice

CHANNELS = ("citizen", "hotline", "grid", "video", "sensor", "inspection")
SHARES = (0.34, 0.34, 0.22, 0.05, 0.02, 0.03)
# Reports an hour, midnight first, as a share of the day's; few at night, most in the morning.
HOURS = (
    0.4, 0.2, 0.1, 0.1, 0.2, 0.6, 2.0, 5.0, 8.5, 9.5, 9.0, 6.5,
    4.5, 5.0, 7.5, 8.0, 7.0, 6.0, 5.5, 5.0, 4.0, 3.0, 1.6, 0.8,
)  # fmt: skip
REPEATED = 0.03
# Who knows the catalogue names the class along with the matter, and is now and then mistaken.
CLASSED = {"grid": 0.75, "video": 1.0, "sensor": 1.0, "inspection": 0.9, "hotline": 0.4}
MISTAKEN = 0.05


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the class it is about."""

    class_key: str
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the district, by a name people use."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Story:
    """One report to be sent. truth: the class it really is about.

    said: the class the sender chose, "" for none; by_words: without coordinates, only the address
    is told; repeats: key of an earlier story about the same matter, "" for a new one.
    """

    key: str
    at: datetime
    channel: str
    truth: str
    said: str
    title: str
    text: str
    spot: Spot
    by_words: bool
    repeats: str = ""


def split_examples(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """(to learn from, to report with): the demo's model never saw what is reported."""
    learn: list[Example] = []
    report: list[Example] = []
    seen: dict[str, int] = {}
    for example in examples:
        nth = seen[example.class_key] = seen.get(example.class_key, -1) + 1
        (report if nth % 4 == 3 else learn).append(example)
    return learn, report


def stories_of_day(
    midnight: datetime,
    *,
    seed: int,
    per_day: float,
    examples: Sequence[Example],
    spots: Sequence[Spot],
) -> list[Story]:
    """The reports of one local day, by time.

    Args:
        midnight: its beginning, aware.
    """
    dice = Dice(seed, f"day {midnight:%Y-%m-%d}")
    weekday = 0.8 if midnight.weekday() >= 5 else 1.06
    count = round(per_day * weekday * dice.between("count", 0.75, 1.25))
    moments = sorted(_moment(dice, n) for n in range(count))
    told: list[Story] = []
    for n, second in enumerate(moments):
        key = f"{midnight:%Y%m%d}-{n + 1:03d}"
        at = midnight + timedelta(seconds=second)
        told.append(new_story(key, at, seed=seed, examples=examples, spots=spots, earlier=told))
    return told


def _moment(dice: Dice, n: int) -> float:
    hour = dice.weighted(f"hour{n}", range(24), HOURS)
    return hour * 3600 + dice.between(f"second{n}", 0, 3599)


def new_story(
    key: str,
    at: datetime,
    *,
    seed: int,
    examples: Sequence[Example],
    spots: Sequence[Spot],
    earlier: Sequence[Story] = (),
) -> Story:
    """One report; now and then about a matter that was reported shortly before."""
    dice = Dice(seed, f"story {key}")
    recent = [s for s in earlier[-12:] if not s.repeats and s.channel != "grid"]
    if recent and dice.chance("repeat", REPEATED):
        first = dice.pick("which", recent)
        text = "再次反映：" + first.text
        return Story(
            key, at, "hotline", first.truth, first.truth, first.title, text, first.spot, True,
            first.key,
        )  # fmt: skip
    example, spot = dice.pick("text", examples), dice.pick("spot", spots)
    channel = dice.weighted("channel", CHANNELS, SHARES)
    by_words = channel == "hotline" and dice.chance("words", 0.7)
    said = ""
    if dice.chance("classed", CLASSED.get(channel, 0.0)):
        mistaken = dice.chance("mistaken", MISTAKEN)
        said = dice.pick("other", examples).class_key if mistaken else example.class_key
    return Story(
        key, at, channel, example.class_key, said, _title(example.text), example.text, spot,
        by_words,
    )  # fmt: skip


def _title(text: str) -> str:
    """The first clause, as an operator would write it down."""
    for length, mark in enumerate(text):
        if mark in "，。！？；,.!?;" and length >= 6:
            return text[: min(length, 28)]
    return text[:28]
