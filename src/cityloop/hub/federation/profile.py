"""The city's own words and choices for Open311: [open311] of profile.toml."""

from __future__ import annotations

from dataclasses import dataclass

from cityloop.city.profile import load_profile

TEXTS = ("masked", "title", "none")
PLACES = ("rough", "exact")


@dataclass(frozen=True, slots=True)
class Open311Profile:
    """What a deployment says of itself.

    Args:
        jurisdiction_id: empty = any is taken.
        text: how much of a report the public reads: "masked", "title" or "none".
        places: "rough" (the middle of a 50 m square) or "exact".
        hides: beginnings of classes about somebody's home or person ([public] near_hides): of
            such a matter, and of one without a class yet, neither place nor words are shown.
        channels: only reports of these are shown; empty = of all.
        media: whether links that came with a report are shown.
    """

    jurisdiction_id: str = ""
    contact: str = ""
    key_service: str = ""
    text: str = "masked"
    places: str = "rough"
    hides: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    media: bool = False


def open311_profile() -> Open311Profile:
    """The settings in force."""
    settings = load_profile().settings
    given = settings.get("open311", {})
    city = settings.get("name", {})
    text, places = str(given.get("text", "masked")), str(given.get("places", "rough"))
    return Open311Profile(
        jurisdiction_id=str(given.get("jurisdiction_id", "")),
        contact=str(given.get("contact", f"{city.get('zh', '')} {city.get('en', '')}".strip())),
        key_service=str(
            given.get(
                "key_service",
                "请向本市安全管理员申请含 open311:write 权限的令牌，作为 api_key 使用。Ask the "
                "security administrator for a token with the scope open311:write.",
            )
        ),
        text=text if text in TEXTS else "none",
        places=places if places in PLACES else "rough",
        hides=tuple(str(key) for key in settings.get("public", {}).get("near_hides", ())),
        channels=tuple(given.get("channels", ())),
        media=bool(given.get("media", False)),
    )
