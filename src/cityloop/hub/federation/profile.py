"""The city's own words and choices for Open311: [open311] of profile.toml."""

from __future__ import annotations

from dataclasses import dataclass

from cityloop.city.profile import load_profile

TEXTS = ("masked", "title", "none")


@dataclass(frozen=True, slots=True)
class Open311Profile:
    """What a deployment says of itself.

    Args:
        jurisdiction_id: empty = any is taken.
        text: how much of a report the public reads: "masked", "title" or "none".
        channels: only reports of these are shown; empty = of all.
        media: whether links that came with a report are shown.
    """

    jurisdiction_id: str = ""
    contact: str = ""
    key_service: str = ""
    text: str = "masked"
    channels: tuple[str, ...] = ()
    media: bool = False


def open311_profile() -> Open311Profile:
    """The settings in force."""
    settings = load_profile().settings
    given = settings.get("open311", {})
    city = settings.get("name", {})
    text = str(given.get("text", "masked"))
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
        channels=tuple(given.get("channels", ())),
        media=bool(given.get("media", False)),
    )
