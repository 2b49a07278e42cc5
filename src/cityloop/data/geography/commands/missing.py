"""A file that is whole for its kinds and area: what it has no more is retired."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cityloop.city.accounts.domain import Viewer
from cityloop.city.elements import commands as elements
from cityloop.city.elements import queries as registers
from cityloop.city.elements.domain import ElementRow, Missing
from cityloop.city.places import queries as places
from cityloop.data.geography.domain import Feature, Report, Rule, text_of
from cityloop.kernel.errors import DomainError

EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Complete:
    """That a file is whole. `area`: code of the area for which it is, or EVERYWHERE.

    most_share: 0..1; of a kind that would lose more than this, nothing is retired.
    """

    area: str = EVERYWHERE
    most_share: float = elements.MOST_SHARE

    def check(self) -> None:
        """Raises: NotFound("place.unknown_code"), DomainError("geography.share")."""
        if self.area != EVERYWHERE:
            places.tree().by_code(self.area)
        if not 0 <= self.most_share <= 1:
            raise DomainError(
                "geography.share",
                f"The share that may be retired is {self.most_share:g}; give 0 to 1, for example "
                "0.3 = up to 30 % of a kind.",
                f"允许停用的比例为 {self.most_share:g}，应为 0 至 1，例如 0.3 表示每类至多 30%。",
                where="most_missing",
            )


@dataclass(slots=True)
class Present:
    """What a file has: codes of elements, and names of rows that have not become any."""

    codes: dict[str, set[str]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    nameless: int = 0  # rows that could be any element

    def took(self, kind: str, row: ElementRow) -> None:
        self.codes.setdefault(kind, set()).add(row.code)

    def left(self, feature: Feature, rule: Rule | None) -> None:
        """A feature that is in the file, but was refused or lies outside."""
        names = {feature.key}
        if rule is not None:
            names |= {text_of(feature, rule.fields[n]) for n in ("code", "source_key")
                      if n in rule.fields}  # fmt: skip
            self.codes.setdefault(rule.kind, set()).update(names - {""})
        if not any(names):
            self.nameless += 1
        self.keys |= names - {""}


def retire_missing(
    complete: Complete,
    present: Present,
    kinds: list[str],
    report: Report,
    *,
    source: str,
    dry_run: bool,
    actor: Viewer,
    now: datetime,
) -> None:
    """Retire what the file has no more, and say it in the report.

    A kind of which the file has nothing at all is left as it is: the file is of other kinds.
    """
    if present.nameless:
        n = present.nameless
        report.remark(
            f"{n} 行被拒收且无法识别是哪个要素：未停用任何缺失要素，请修正后重新导入",
            f"{n} refused rows cannot be told apart: nothing missing was retired; correct them",
        )
        return
    for kind in kinds:
        if kind not in present.codes:
            _leave(kind, report)
            continue
        area = "" if complete.area == EVERYWHERE else complete.area
        found = elements.end_missing(
            kind=kind, source=source, codes=present.codes[kind], keys=present.keys, area=area,
            most_share=complete.most_share, dry_run=dry_run, actor=actor, now=now,
        )  # fmt: skip
        report.missing[kind] = found
        if found.held:
            _held(kind, found, complete.most_share, report)
        else:
            report.count(kind).ended += found.gone


def _leave(kind: str, report: Report) -> None:
    if len(registers.arrays(kind)):
        report.remark(
            f"文件中没有 {kind} 类要素，已登记的保持不变",
            f"the file has no {kind}: those registered stay as they are",
        )


def _held(kind: str, told: Missing, most: float, report: Report) -> None:
    share = told.gone / told.of
    needed = -(-told.gone * 100 // told.of)
    report.remark(
        f"{kind}：{told.of:,} 个现有要素中有 {told.gone:,} 个（{share:.0%}）不在文件中，"
        f"超过 {most:.0%}，未停用。请核对文件是否完整；确认无误后将“至多停用”"
        f"（--most-missing）提高到 {needed}%，重新导入",
        f"{kind}: {told.gone:,} of {told.of:,} ({share:.0%}) are not in the file, more than "
        f"{most:.0%}: none was retired. Check that the file is whole; if so, raise the largest "
        f"share to retire (--most-missing) to {needed} % and import again",
    )
