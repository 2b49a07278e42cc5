"""What the city's profile says of forecasts (forecast.toml), checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cityloop.city.profile import load_profile
from cityloop.kernel.errors import DomainError

FILE = "forecast.toml"
LEVELS = ("district", "subdistrict", "community")
# key → (default, least, most)
NUMBERS: Mapping[str, tuple[float, float, float]] = {
    "history_days": (1095, 112, 3650),
    "days_ahead": (7, 2, 14),
    "least_in_28_days": (5, 5, 1000),
    "warn_from": (0.45, 0.05, 0.99),
    "warn_today_from": (0.7, 0.05, 0.99),
    "keep_days": (400, 60, 3650),
}


@dataclass(frozen=True, slots=True)
class Preparation:
    """A suggestion; empty trigger or topic = any."""

    zh: str
    en: str
    trigger: str = ""
    topic: str = ""


@dataclass(frozen=True)
class ForecastSettings:
    """See profiles/default/forecast.toml."""

    area_level: str
    history_days: int
    days_ahead: int
    least_in_28_days: int
    warn_from: float
    warn_today_from: float
    keep_days: int
    triggers: dict[str, tuple[str, str]]
    preparations: tuple[Preparation, ...]

    def prepare(self, topic: str, triggers: frozenset[str]) -> list[Preparation]:
        """What to suggest for a topic while these triggers hold; the special before the general."""
        fits = [
            one for one in self.preparations
            if (not one.trigger or one.trigger in triggers)
            and (not one.topic or (topic and topic.startswith(one.topic)))
        ]  # fmt: skip
        return sorted(fits, key=lambda one: not (one.trigger or one.topic))


def forecast_settings() -> ForecastSettings:
    """The settings of the profile in use; defaults where it has no forecast.toml.

    Raises: DomainError("forecast.settings") naming the key, its value and what is allowed.
    """
    profile = load_profile()
    given = profile.toml(FILE) if (profile.folder / FILE).is_file() else {}
    level = given.get("area_level", "subdistrict")
    if level not in LEVELS:
        raise _not_allowed("area_level", level, " | ".join(LEVELS))
    numbers = {key: _number(given, key) for key in NUMBERS}
    return ForecastSettings(
        area_level=level,
        history_days=int(numbers["history_days"]),
        days_ahead=int(numbers["days_ahead"]),
        least_in_28_days=int(numbers["least_in_28_days"]),
        warn_from=numbers["warn_from"],
        warn_today_from=numbers["warn_today_from"],
        keep_days=int(numbers["keep_days"]),
        triggers={one["key"]: (one["zh"], one["en"]) for one in given.get("triggers", [])},
        preparations=tuple(Preparation(**one) for one in given.get("preparations", [])),
    )


def _number(given: Mapping[str, Any], key: str) -> float:
    default, least, most = NUMBERS[key]
    value = given.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise _not_allowed(key, value, f"{least:g} … {most:g}")
    return float(value)


def _not_allowed(key: str, value: Any, allowed: str) -> DomainError:
    return DomainError(
        "forecast.settings",
        f"{FILE}: {key} = {value!r} is not allowed; allowed: {allowed}.",
        f"{FILE} 中 {key} = {value!r} 无效，可用值：{allowed}。",
        where=key,
    )
