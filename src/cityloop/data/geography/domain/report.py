"""What an import did, or would do: every feature is in exactly one of its counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from cityloop.city.elements.domain import Missing
from cityloop.kernel.errors import DomainError

MOST_KEPT = 1_000  # refused and repaired features that are listed; all are counted
MOST_SHOWN = 400  # features of the preview


@dataclass(frozen=True, slots=True)
class Refused:
    """A feature that was not taken: which, and why."""

    layer: str
    number: int
    key: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class Repaired:
    """A shape that was mended: what was wrong, and by how much its area changed (0..1)."""

    layer: str
    number: int
    key: str
    reason: str
    change: float


@dataclass(slots=True)
class Count:
    """Elements of a kind, or areas of a level."""

    new: int = 0
    changed: int = 0
    same: int = 0
    ended: int = 0
    outside: int = 0

    def add(self, other: Any) -> None:
        for name in ("new", "changed", "same", "ended", "outside"):
            setattr(self, name, getattr(self, name) + getattr(other, name, 0))

    @property
    def taken(self) -> int:
        return self.new + self.changed + self.same


@dataclass(slots=True)
class Report:
    """An import, dry or not.

    systems: the coordinate system each layer was read in. skipped: reasons, see `SKIPPED`.
    areas: (level, code, name, code of the parent) of the areas taken; made_codes: those of them
    that were made by the template. missing: what a whole file has no more, by kind.
    preview: the first features of each kind, GeoJSON in WGS84.
    """

    systems: dict[str, str] = field(default_factory=dict)
    read: int = 0
    counts: dict[str, Count] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    refused_codes: Counter[str] = field(default_factory=Counter)
    repaired: list[Repaired] = field(default_factory=list)
    repaired_count: int = 0
    missing: dict[str, Missing] = field(default_factory=dict)
    areas: list[tuple[str, str, str, str]] = field(default_factory=list)
    made_codes: set[str] = field(default_factory=set)
    skipped: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)  # own fields whose text made no sense
    without_households: int = 0
    remarks: list[tuple[str, str]] = field(default_factory=list)  # (Chinese, English)
    preview: list[dict[str, Any]] = field(default_factory=list)
    bounds: tuple[float, float, float, float] | None = None
    written: bool = False

    def count(self, name: str) -> Count:
        return self.counts.setdefault(name, Count())

    def refuse(self, layer: str, number: int, key: str, error: DomainError) -> None:
        self.refused_codes[error.code] += 1
        if len(self.refused) < MOST_KEPT:
            self.refused.append(Refused(layer, number, key, error))

    def repair(self, done: Repaired) -> None:
        self.repaired_count += 1
        if len(self.repaired) < MOST_KEPT:
            self.repaired.append(done)

    def remark(self, zh: str, en: str) -> None:
        if (zh, en) not in self.remarks:
            self.remarks.append((zh, en))

    @property
    def taken(self) -> int:
        return sum(count.taken for count in self.counts.values())

    @property
    def adds_up(self) -> bool:
        """Whether every feature that was read is in exactly one place."""
        return self.read == self.taken + self.refused_codes.total() + self.skipped.total()

    def widen(self, west: float, south: float, east: float, north: float) -> None:
        old = self.bounds or (west, south, east, north)
        self.bounds = (
            min(old[0], west), min(old[1], south), max(old[2], east), max(old[3], north)
        )  # fmt: skip

    def as_dict(self, language: str) -> dict[str, Any]:
        """As the API shows it."""
        zh = language.startswith("zh")
        return {
            "written": self.written,
            "read": self.read,
            "systems": self.systems,
            "bounds": list(self.bounds) if self.bounds else None,
            "counts": [{"name": n, **asdict(c)} for n, c in sorted(self.counts.items())],
            "refused_count": self.refused_codes.total(),
            "refused": [
                {
                    "layer": r.layer, "number": r.number, "key": r.key, "code": r.error.code,
                    "message": r.error.message(language), "advice": advice(r.error.code, zh=zh),
                }
                for r in self.refused
            ],
            "repaired_count": self.repaired_count,
            "repaired": [asdict(r) for r in self.repaired],
            "areas": [
                {"level": level, "code": code, "name": name, "parent": parent,
                 "numbered": code in self.made_codes}
                for level, code, name, parent in self.areas[:MOST_KEPT]
            ],
            "missing": [
                {"kind": kind, "of": m.of, "gone": m.gone, "held": m.held,
                 "shown": [{"code": code, "name": name} for code, name in m.shown]}
                for kind, m in self.missing.items()
            ],
            "skipped": [
                {"reason": r, "count": n, "message": skipped_text(r, zh=zh)}
                for r, n in self.skipped.most_common()
            ],
            "unread": [{"name": n, "count": c} for n, c in self.unread.most_common(50)],
            "without_households": self.without_households,
            "remarks": [r[0] if zh else r[1] for r in self.remarks],
            "preview": {"type": "FeatureCollection", "features": self.preview},
        }  # fmt: skip


def tree_lines(report: Report, *, most: int = 500) -> list[str]:
    """The areas of an import as a tree; new codes are marked."""
    below: dict[str, list[tuple[str, str]]] = {}
    codes = {code for _, code, _, _ in report.areas}
    for _, code, name, parent in report.areas:
        below.setdefault(parent if parent in codes else "", []).append((code, name))
    lines: list[str] = []
    waiting = [(0, code, name) for code, name in sorted(below.get("", []), reverse=True)]
    while waiting and len(lines) < most:
        depth, code, name = waiting.pop()
        made = " (新编号 numbered)" if code in report.made_codes else ""
        lines.append(f"{'  ' * depth}{code} {name}{made}")
        children = sorted(below.get(code, []), reverse=True)
        waiting += [(depth + 1, child, title) for child, title in children]
    if waiting:
        lines.append(f"… {len(report.areas) - len(lines):,}")
    return lines


ADVICE: dict[str, tuple[str, str]] = {
    "place.swapped": (
        '经纬度写反：在映射中设 order = "lat,lon"',
        'swapped numbers: set order = "lat,lon" in the mapping',
    ),
    "place": (
        "坐标不合理：核对声明的坐标系和数字",
        "impossible coordinates: check the declared system and the numbers",
    ),
    "geography.no_code": (
        "缺少编码：补齐该列，或在映射中去掉 code，由平台按来源标识编号",
        "no code: fill the column, or leave code out of the mapping to have one made",
    ),
    "geography.twice": ("编码重复：给其中一个换编码", "repeated code: give one of them another"),
    "geography.geometry": (
        "几何有误：在原文件中修正该要素后重新导入，已入库的不会重复",
        "broken geometry: mend the feature in its file, import again; nothing is doubled",
    ),
    "geography.sliver": (
        "碎片面：删除，或调小 min_area_m2",
        "sliver: delete it, or lower min_area_m2 in the mapping",
    ),
    "geography.households": ("户数应为非负整数", "households must be whole numbers of 0 or more"),
    "geography.outside": (
        '在本市范围之外：导入所在区域，或设 outside = "skip"',
        'outside of the city: import its area, or set outside = "skip"',
    ),
    "element": ("字段不符合类别定义：见逐行说明", "fields do not fit the kind: see row by row"),
    "areas": ("区域有误：全部修正后整体导入", "areas are imported whole: correct all of them"),
}
SKIPPED: dict[str, tuple[str, str]] = {
    "no_rule": ("映射中没有对应规则", "no rule of the mapping takes it"),
    "outside": ("在本市区域之外", "outside of the city's areas"),
    "internal": ("路网内部连接", "internal connections of the network"),
    "reverse": ("对向车道并入同一道路", "the other direction of a street that was read"),
    "level": ("既非社区也非网格的区域", "areas that are neither communities nor cells"),
    "areas_held": (
        "区域未导入：须先修正被拒收的区域",
        "areas not imported, because others of them were refused",
    ),
}


def advice(code: str, *, zh: bool) -> str:
    """What to do about a refusal; "" where the message says it all."""
    found = ADVICE.get(code) or ADVICE.get(code.partition(".")[0])
    return "" if found is None else found[0 if zh else 1]


def skipped_text(reason: str, *, zh: bool) -> str:
    """Why features were left out, in words."""
    if reason.startswith("geometry:"):
        _, kind, shape = reason.split(":")
        return f"{kind} 需要 {shape}" if zh else f"{kind} needs {shape}"
    found = SKIPPED.get(reason, (reason, reason))
    return found[0 if zh else 1]


def summary_lines(report: Report, *, languages: tuple[str, ...] = ("zh", "en")) -> list[str]:
    """The report as text, Chinese with English beside it."""

    def say(zh: str, en: str) -> str:
        return " ".join({"zh": zh, "en": en}[language] for language in languages)

    lines = [] if report.written else [say("试运行，未写入任何内容。", "Dry run: nothing written.")]
    lines += [f"{layer or '-'}: {name}" for layer, name in report.systems.items()]
    lines.append(f"{say('读取', 'read')} {report.read:,}")
    for name, c in sorted(report.counts.items()):
        words = f"{say('新增', 'new')} {c.new:,}, {say('变更', 'changed')} {c.changed:,}, "
        words += f"{say('未变', 'same')} {c.same:,}"
        ended = f", {say('停用', 'ended')} {c.ended:,}" if c.ended else ""
        outside = f", {say('不在网格内', 'in no cell')} {c.outside:,}" if c.outside else ""
        lines.append(f"  {name}: {words}{ended}{outside}")
    for kind, m in report.missing.items():
        done = say("超过允许比例，未停用", "too many, none retired") if m.held else ""
        lines.append(f"{say('文件中已没有', 'no longer in the file')} {kind}: "
                     f"{m.gone:,} / {m.of:,} {done}".rstrip())  # fmt: skip
        lines += [f"  - {code} {name}".rstrip() for code, name in m.shown]
    lines.append(f"{say('修复', 'repaired')} {report.repaired_count:,}")
    lines.append(f"{say('略过', 'left out')} {report.skipped.total():,}")
    for reason, n in report.skipped.most_common():
        shown = say(skipped_text(reason, zh=True), skipped_text(reason, zh=False))
        lines.append(f"  {shown}: {n:,}")
    lines.append(f"{say('拒收', 'refused')} {report.refused_codes.total():,}")
    for code, n in report.refused_codes.most_common():
        hint = say(advice(code, zh=True), advice(code, zh=False)).strip()
        lines.append(f"  {code} {n:,}" + (f" → {hint}" if hint else ""))
    for name, n in report.unread.most_common(10):
        lines.append(f"  {say('无法识别的字段值', 'own field not understood')} {name}: {n:,}")
    if report.without_households:
        lines.append(f"  {say('未给出户数', 'no households given')}: {report.without_households:,}")
    lines += [say(zh, en) for zh, en in report.remarks]
    return lines
