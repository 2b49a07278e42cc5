"""What a title names beyond its grams: the number of a line, the name of a school or an estate.

Two appeals in the same words about two schools are two issues. Such names are told apart only where
both titles give one: a name is what stands before an ending ("…学院", "…小区").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from cityloop.engines.hot_issues.values import INTS

_LINE = re.compile(r"(?<!\d)(\d{1,4})(?:路|号线|国道|省道|县道)")
_HAN_BEFORE = "([\u4e00-\u9fff]{2,8}?)(?:%s)"
_KINDS = (
    re.compile(_HAN_BEFORE % "学院|大学|学校|中学|小学|幼儿园|中专|职校"),
    re.compile(_HAN_BEFORE % "小区|花园|家园|公寓|花苑|新村|社区"),
)
# What is written before a name, and what many names have in common.
_BEFORE = re.compile(
    ".*(?:省|市|区|县|镇|乡|街道|路|号|的|在|与|和|旁|至|对|及|求|关于|反映|投诉|请问|咨询)"
)
_GENERIC = re.compile("职业技术|职业|技术|实验|附属|师范|第[一二三四五六七八九十]")


@dataclass(frozen=True, slots=True)
class Names:
    """Names of reports side by side.

    Args:
        lines: number of the bus line, metro line or road, shape (n,); 0 = none or several.
        stems: pairs of characters of the names of each kind (schools, estates), as bits, shape
            (n, 2) uint64; 0 = none.
    """

    lines: INTS
    stems: NDArray[np.uint64]

    @classmethod
    def of(cls, titles: Sequence[str]) -> Names:
        """What titles name.

        Example: >>> Names.of(["205路公交车不准时", "107国道货车噪音", "路灯不亮"]).lines.tolist()
        [205, 107, 0]
        """
        found = [{int(number) for number in _LINE.findall(title)} for title in titles]
        lines = np.array([n.pop() if len(n) == 1 else 0 for n in found], dtype=np.int64)
        stems = [[_bits(kind.findall(title)) for kind in _KINDS] for title in titles]
        return cls(lines, np.array(stems, dtype=np.uint64).reshape(len(titles), len(_KINDS)))

    def cut(self, part: slice) -> Names:
        """Those of some of the reports."""
        return Names(self.lines[part], self.stems[part])

    def joined(self, other: Names) -> Names:
        """Those of both, one after the other."""
        lines = np.concatenate([self.lines, other.lines])
        return Names(lines, np.concatenate([self.stems, other.stems]))

    def differ(self, left: INTS, other: Names, right: INTS) -> NDArray[np.bool_]:
        """Whether report `left[i]` names one thing and `other`'s report `right[i]` another of its
        kind: two numbers, or two names without a pair of characters in common."""
        line, its = self.lines[left], other.lines[right]
        stems, its_stems = self.stems[left], other.stems[right]
        apart = (stems > 0) & (its_stems > 0) & ((stems & its_stems) == 0)
        found: NDArray[np.bool_] = ((line > 0) & (its > 0) & (line != its)) | apart.any(axis=1)
        return found


def _bits(names: Sequence[str]) -> int:
    bits = 0
    for name in names:
        for part in _GENERIC.split(_BEFORE.sub("", name)):
            for at in range(len(part) - 1):
                bits |= 1 << (crc32(part[at : at + 2].encode()) % 64)
    return bits
