"""Numbers of patrols, from the profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from cityloop.city.profile import load_profile


@dataclass(frozen=True, slots=True)
class PatrolSettings:
    """[patrol]: how long tracks and the keys of deliveries are kept, and what is agreed to.

    consent_version: of the text below; another text wants another consent.
    """

    track: timedelta
    deliveries: timedelta
    consent_version: str
    consent_zh: str
    consent_en: str


CONSENT_ZH = (
    "同意后，仅在您排班在岗且已点“开始巡查”期间采集位置轨迹，用于核实网格覆盖。"
    "轨迹加密保存 {days} 天后删除，只有您本人可随时查看；"
    "他人查看须填写用途并留痕，您会看到是谁、为何查看。"
    "可随时撤回，撤回后已存轨迹立即删除，不影响其他功能的使用。"
)
CONSENT_EN = (
    "If you agree, your position is recorded only while you are on duty by your shift and after "
    "you tapped “Start patrol”, to show which cells were covered. Tracks are kept encrypted and "
    "deleted after {days} days. You can look at yours at any time; anybody else must state a "
    "purpose, on record, and you see who it was and why. You can withdraw at any time: what is "
    "stored is deleted at once, and everything else goes on working."
)


@lru_cache(maxsize=1)
def patrol_settings() -> PatrolSettings:
    """The numbers in force."""
    given = load_profile().settings.get("patrol", {})
    days = int(given.get("track_days", 30))
    return PatrolSettings(
        track=timedelta(days=days),
        deliveries=timedelta(days=int(given.get("delivery_days", 180))),
        consent_version=str(given.get("consent_version", "1")),
        consent_zh=str(given.get("consent_zh", CONSENT_ZH)).format(days=days),
        consent_en=str(given.get("consent_en", CONSENT_EN)).format(days=days),
    )
