"""The closing summary of an import, in Chinese with English beside it."""

from __future__ import annotations

from collections.abc import Iterator

from cityloop.business.intake.domain.remarks import REMARKS
from cityloop.business.intake.domain.tally import Tally

PLACES = {
    "exact": ("坐标落入网格", "point in a cell"),
    "edge": ("坐标在网格边界", "point on a border"),
    "area": ("来源给出区域", "area given"),
    "address": ("按地址文字", "by words of the address"),
    "outside": ("坐标在本市之外", "outside the city's areas"),
    "unknown": ("位置不明", "place unknown"),
}
CLASSES = {
    "given": ("来源给定", "given"),
    "model": ("模型判定", "by the model"),
    "person": ("待人工判定", "left to a person"),
}
# Refusal codes, or their first part, with what to do about them.
ADVICE = {
    "report.contradicts": (
        "同一外部编号内容不同：核对来源；更正请用新编号，修改映射后重导的旧数据无需再导",
        "same id with other content: check the source; send a correction under a new id. Rows "
        "that came in earlier under another mapping need not come again",
    ),
    "coords": (
        '坐标问题：改正该列，或在 [coordinates] 设 unusable = "missing" 后按地址或人工定位',
        'coordinates: correct the cells, or set unusable = "missing" under [coordinates] to '
        "place these by address or by hand",
    ),
    "place": (
        '位置问题：改正坐标或区域编码；或设 unusable = "missing"',
        'place: correct coordinates or area code, or set unusable = "missing"',
    ),
    "date": (
        '时间问题：改正该列，或在 [dates] 声明 formats、dayfirst；也可设 unusable = "missing"',
        "times: correct the cells, declare formats or dayfirst under [dates], or set unusable = "
        '"missing"',
    ),
    "table": (
        "表格行损坏：多为引号未闭合、行被截断或文件未传完，请重新获取完整文件",
        "broken rows: an open quote, a cut row or a half-written file; fetch the whole file again",
    ),
    "text": ("文本问题：精简或更正该单元格", "text: shorten or correct the cell"),
    "report": ("内容问题：见拒收文件逐行说明", "content: see the refused-rows file, row by row"),
}
SHOWN_UNMAPPED = 10


def summary_lines(
    tally: Tally,
    *,
    seconds: float,
    dry_run: bool = False,
    refused_file: str = "",
    languages: tuple[str, ...] = ("zh", "en"),
) -> list[str]:
    """The summary, line by line.

    Args:
        seconds: how long it took, over all its parts; 0 = not measured.
        refused_file: where the refused rows are, where there are any.
    """
    return list(_lines(_Speaker(languages), tally, seconds, dry_run, refused_file))


class _Speaker:
    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages

    def say(self, zh: str, en: str) -> str:
        return " ".join({"zh": zh, "en": en}[language] for language in self.languages)


def _lines(
    speak: _Speaker, t: Tally, seconds: float, dry_run: bool, refused_file: str
) -> Iterator[str]:
    say = speak.say
    if dry_run:
        yield say("试运行，未写入任何上报。", "Dry run: no report was written.")
    yield f"{say('读取', 'read')} {t.read:,}"
    yield f"  {say('新增受理', 'accepted, new')} {t.accepted:,}"
    yield f"  {say('重复（此前已入库）', 'repeated, in before')} {t.repeated:,}"
    yield f"  {say('拒收', 'refused')} {t.refused.total():,}"
    for code, count in t.refused.most_common():
        yield f"    {code} {count:,}"
    yield f"  {say('按规则略过', 'skipped by rule')} {t.skipped.total():,}"
    for name, count in t.skipped.most_common():
        yield f"    {name} {count:,}"
    yield from _of_accepted(speak, t)
    yield from _notes(speak, t)
    if seconds > 0:
        rate = f"{t.read / seconds:,.0f} {say('行/秒', 'rows/s')}"
        yield f"{say('用时', 'took')} {seconds:,.1f} s, {rate}"
    if t.refused:
        yield from _what_to_do(speak, t, refused_file)
    elif refused_file:
        yield f"{say('略过的行', 'skipped rows')}: {refused_file}"


def _of_accepted(speak: _Speaker, t: Tally) -> Iterator[str]:
    yield f"{speak.say('新增中，定位', 'of the new ones, located')}:"
    for key, names in PLACES.items():
        if t.located[key]:
            yield f"    {speak.say(*names)} {t.located[key]:,}"
    if t.located["unknown"] or t.located["outside"]:
        zh = "位置不明或在本市之外的，由受理员补充位置或不予立案"
        en = "without a place in the city: the acceptor gives one, or refuses with a reason"
        yield f"    → {speak.say(zh, en)}"
    yield f"{speak.say('新增中，分类', 'of the new ones, classified')}:"
    for key, names in CLASSES.items():
        if t.classified[key]:
            yield f"    {speak.say(*names)} {t.classified[key]:,}"
    share = f" ({t.dispatched / t.accepted:.1%})" if t.accepted else ""
    waiting = t.accepted - t.dispatched
    yield f"{speak.say('自动派遣', 'dispatched automatically')} {t.dispatched:,}{share}"
    yield f"{speak.say('待受理或派遣人员处理', 'waiting for the desk')} {waiting:,}"


def _notes(speak: _Speaker, t: Tally) -> Iterator[str]:
    if t.remarks:
        yield f"{speak.say('说明', 'remarks')}:"
    for code, count in t.remarks.most_common():
        yield f"    {speak.say(*REMARKS.get(code, (code, code)))} {count:,}"
        if code == "class.unmapped":
            yield from _unmapped(speak, t)


def _unmapped(speak: _Speaker, t: Tally) -> Iterator[str]:
    for value, count in t.unmapped.most_common(SHOWN_UNMAPPED):
        yield f"        “{value}” {count:,}"
    if len(t.unmapped) > SHOWN_UNMAPPED:
        more = len(t.unmapped) - SHOWN_UNMAPPED
        yield f"        {speak.say('另有', 'and')} {more} {speak.say('种', 'more kinds')}"


def _what_to_do(speak: _Speaker, t: Tally, refused_file: str) -> Iterator[str]:
    yield f"{speak.say('拒收行的处理', 'what to do about refused rows')}:"
    told: set[str] = set()
    for code in t.refused:
        key = code if code in ADVICE else code.partition(".")[0]
        if key in ADVICE and key not in told:
            told.add(key)
            zh, en = ADVICE[key]
            yield f"    {code.partition('.')[0] if key != code else code}: {speak.say(zh, en)}"
    if refused_file:
        yield f"    {speak.say('逐行原因见', 'row by row')}: {refused_file}"
        zh = "更正后原样再次导入即可，已入库的行不会重复。"
        en = "Correct and import again as it is: rows that are in are not doubled."
        yield f"    {speak.say(zh, en)}"
