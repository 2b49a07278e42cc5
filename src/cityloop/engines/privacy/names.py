"""Names of persons in Chinese and English text, by cue and by form.

By cue (我叫…, 联系人：…, Mr …): the words before or after say that a name stands here. By form: a
surname and one or two given characters are weighed by how usual they are in names, by what stands
before and behind, and by whether they are part of an ordinary word. No dictionary of persons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cityloop.engines.privacy.words import (
    COMPOUND,
    CUES,
    DOUBTFUL,
    ENGLISH_PLACES,
    ENGLISH_ROLES,
    GIVEN,
    NEVER_GIVEN,
    PARTS_OF_NAMES,
    PINYIN_SURNAMES,
    SURNAMES,
    TITLES,
    common_pairs,
)

_HANZI = re.compile(r"[\u4e00-\u9fff]")
_CUE_ENDS = tuple(sorted(CUES, key=len, reverse=True))
_ROLES = tuple(cue for cue in CUES if len(cue) > 1 and cue[0] in SURNAMES)
_PERSONS = (
    "联系|投诉|举报|反映|具报|报案|申请|委托|收件|收款|付款|负责|当事|经办|承办|代理|监护|证明|签字"
    "|代表|法定代表|法"
)
_STRONG_CUE = re.compile(
    rf"(?:我叫做?|本人叫|名叫|名字(?:叫做?|是)|姓名(?:[:为是])?|(?:{_PERSONS})人(?:代表)?[:：]"
    r"|户名[:：]|户主[:：]?|业主[:：]|(?:署|签)名[:：]?|此致\s*敬礼[!！。]?\s*)[ \n]{0,6}"
)
_AFTER = re.compile(
    rf"(?:{'|'.join(TITLES)}|等[人户]|多次|某|说|称|联系|投诉|日期|发帖|身份证|电话|手机|本人|家住?|因|于|在|，|,|。|；|;|、|:|："
    r"|\(|（|\)|）|!|！|”|\"|\s|\d|$)"
)
_TITLE = re.compile("|".join(TITLES))
_BEFORE = '，,。；;、:：（(）)“"!！?？ \n\r\t《》-—~.'
# What mostly stands before a name; what follows has to look like one.
_SOFT_CUE = re.compile(
    r"(?:(?<=[他她公婆儿女人子孩弟妹哥姐爸妈父母员师主友事生娃孙])叫做?"
    rf"|(?:{_PERSONS})人(?:代表)?|户名|我姓.)[ ,，]?"
)
_SOUNDED = re.compile(r"[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,6}){1,3}")
_SOUNDS = "|".join(PARTS_OF_NAMES)
_SOUNDED_ANYWHERE = re.compile(
    rf"(?:{_SOUNDS})(?:[\u4e00-\u9fff]?(?:{_SOUNDS})){{1,2}}|阿[\u4e00-\u9fff]?(?:{_SOUNDS})"
    rf"|[\u4e00-\u9fff]{{1,6}}·[\u4e00-\u9fff]{{0,3}}(?:{_SOUNDS})"
)
_WORD = r"(?!(?:Mrs?|Ms|Miss|Dr)\b)[A-Z](?:[^\W\d_\u4e00-\u9fff]|['’-]){1,30}"
_ENGLISH = re.compile(
    r"(?:\b(?:[Mm]y (?:full )?name is|[Nn]ame:?|[Cc]ontact(?: person)?:?|[Ss]igned(?: by)?:?"
    r"|[Rr]egards,?|[Ss]incerely,?|[Cc]alled|[Nn]amed|[Rr]eported by|[Ss]ubmitted by"
    r"|Mrs?\.?|Ms\.?|Miss|Dr\.?)\s+)"
    rf"({_WORD}(?:\s+(?:{_WORD}|[A-Z]\.)){{0,2}})"
)
_ENGLISH_KIN = re.compile(
    rf"\b(?:I am|I'm|I’m)\s+({_WORD}(?:\s+{_WORD}){{1,2}})"
    rf"|\b(?:{'|'.join(f'[{w[0].upper()}{w[0]}]{w[1:]}' for w in ENGLISH_ROLES)})"
    rf"(?::|,| named| called)?\s+({_WORD}(?:\s+{_WORD}){{0,2}})"
)
_PINYIN = re.compile(
    rf"\b(?:{'|'.join(PINYIN_SURNAMES)}) [A-Z][a-z]{{1,12}}\b(?! (?:{'|'.join(ENGLISH_PLACES)})\b)"
)
_LATIN_AFTER_CUE = re.compile(
    rf"(?:{'|'.join(_CUE_ENDS)}|先生|女士)[:：]? ?"
    rf"(?=[A-Z][a-z])({_WORD}(?: {_WORD}){{0,2}})(?![A-Za-z])"
)
# Small words that often stand right before and right after a name in a sentence.
_LEADS = frozenset("是和与跟找由让被向对给到把请有将的及同果")
_FOLLOWS = frozenset(
    "来去到找打让把要就也又还不没对和与跟同及的是有从向给却则将已才都看倒收写做办住送走带搞叫骂喊站坐帮"
)
# What makes a street, an estate or a firm of what stands before it (林美水郡, 植基路, 程明物业).
_PLACE = re.compile(
    r"[\u4e00-\u9fff]?(?:路|街|大道|小区|家园|花园|公园|公寓|大厦|大楼|广场|华庭|名城|国际|学校|中学|小学|医院|酒店|宾馆"
    r"|公司|集团|物业|地产|置业|市场|银行|银都|中心|项目|楼盘|商品|地铁|站台|站点|站[，。、 ]|灯)"
    r"|[\u4e00-\u9fff]?[郡苑邸]|[园府城村镇乡湾坝](?![民里长支委办])"
)
_SPLIT = re.compile(
    "公寓|物业|商品|银都|置业|国际|[园校]区|[公花家]园|小区|学校|中学|大厦|公司|企业|广场"
)
A_PLACE = 1.8
NEEDED = 1.75
UNUSUAL = 0.3  # that two characters stand side by side which seldom do
_COVERED = re.compile(r"[\u4e00-\u9fff](?:某(?:某|[\u4e00-\u9fff])?|[xX×*]{1,2})")


def cued_names(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of names that a cue announces, in a folded text."""
    for cue in _STRONG_CUE.finditer(text):
        if cue[0] == "姓名" and text[cue.end() : cue.end() + 2] in common_pairs():
            continue  # "我的姓名查询…": said of a name, not before one
        sounded = _SOUNDED.match(text, cue.end())
        if sounded:
            yield sounded.span()
            continue
        end = _end_after_cue(text, cue.end(), says=cue[0].rstrip()[-1:] in "叫做:是为")
        if end > cue.end():
            yield cue.end(), end
    for cue in _SOFT_CUE.finditer(text):
        end = _best_end(text, cue.end()) if _family_at(text, cue.end()) else cue.end()
        if end > cue.end():
            yield cue.end(), end
    for match in _ENGLISH.finditer(text):
        yield match.start(1), match.end(1)
    for match in _ENGLISH_KIN.finditer(text):
        yield match.span(1 if match[1] else 2)


def names_by_form(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of what looks like a name anywhere, in a folded text; leans to finding."""
    for form in (_SOUNDED_ANYWHERE, _PINYIN):
        yield from (match.span() for match in form.finditer(text))
    yield from (match.span(1) for match in _LATIN_AFTER_CUE.finditer(text))
    at = 0
    while at < len(text):
        if text.startswith(_ROLES, at):  # 房东李大妈: the role is no name, what follows may be
            at += 2
            continue
        if text[at] not in SURNAMES and text[at : at + 2] not in COMPOUND:
            at += 1
            continue
        end = _best_end(text, at)
        if end > at:
            yield at, end
            at = end
        else:
            at += 1


def _end_after_cue(text: str, start: int, *, says: bool) -> int:
    """A cue makes the case; left is where the name ends: at what may follow a name, else where the
    given characters are most usual. Without a known surname only a cue that can be followed by
    nothing else counts (`says`), and a short run up to a stop.
    """
    family = _family_at(text, start)
    run = _run_of_hanzi(text, start)
    if not family:
        word = text[start : start + run]
        plain = any(c in NEVER_GIVEN for c in word) or word[:2] in common_pairs()
        stops = says and 2 <= run <= 4 and not plain
        return start + run if stops else start
    best, best_score = start, -2.0
    for length, usual in ((2, 0.3), (1, 0.0), (3, -1.5)):
        end = start + family + length
        if family + length > run:
            continue
        score = usual + sum(_given(c) for c in text[start + family : end]) / length
        score += 2.5 if _AFTER.match(text, end) else 0.0
        is_place = _PLACE.match(text, end) or _SPLIT.match(text, end - 1)
        score -= 2.5 * A_PLACE if is_place else 0.0
        if score > best_score:
            best, best_score = end, score
    return best


def _run_of_hanzi(text: str, start: int) -> int:
    end = start
    while end < len(text) and end - start < 6 and _HANZI.match(text[end]):
        end += 1
    return end - start


def _family_at(text: str, at: int) -> int:
    if text[at : at + 2] in COMPOUND:
        return 2
    return 1 if text[at : at + 1] in SURNAMES else 0


def _best_end(text: str, at: int) -> int:
    """End of the best name that begins here, or `at`."""
    family = _family_at(text, at)
    covered = _COVERED.match(text, at)
    if covered:
        return covered.end()
    titled = _TITLE.match(text, at + family)
    if titled and not _is_word(text, at):
        return at + family
    best, best_score = at, NEEDED
    for length in (2, 1):
        end = at + family + length
        given = text[at + family : end]
        if len(given) == length and all(_HANZI.match(c) for c in given):
            score = _score(text, at, family, end)
            if score >= best_score:
                best, best_score = end, score + 0.2
    return best


def _score(text: str, at: int, family: int, end: int) -> float:
    given = text[at + family : end]
    score = 0.6 if family == 2 else 0.0
    score += 0.0 if text[at] in DOUBTFUL else 0.6
    score += sum(_given(c) for c in given) * (1.0 if len(given) == 2 else 0.8)
    score += _left(text, at) + _right(text, end)
    pairs = common_pairs()
    score -= 1.6 * (text[at : at + 2] in pairs and family == 1)
    # 主张 in "店主张建国" is no word: its first half belongs to the cue.
    cued = text[max(0, at - 5) : at].endswith(_CUE_ENDS)
    score -= 1.3 * (at > 0 and not cued and text[at - 1 : at + 1] in pairs)
    score -= 0.7 * (len(given) == 2 and given in pairs)
    score += UNUSUAL * (len(given) == 1 and text[at:end] not in pairs)
    score += UNUSUAL * (text[end - 1 : end + 1] not in pairs)
    score -= UNUSUAL * (len(given) == 1 and text[end - 1 : end + 1] in pairs)
    return score


def _given(char: str) -> float:
    if char in GIVEN:
        return 0.9
    return -1.6 if char in NEVER_GIVEN else 0.35


def _left(text: str, at: int) -> float:
    if at == 0 or text[at - 1] in _BEFORE:
        return 0.7
    if text[max(0, at - 5) : at].endswith(_CUE_ENDS):
        return 1.4
    return 0.4 if text[at - 1] in _LEADS else 0.0


def _right(text: str, end: int) -> float:
    if _TITLE.match(text, end):
        return 1.4
    if _AFTER.match(text, end):
        return 0.6
    if _PLACE.match(text, end) or _SPLIT.match(text, end - 1):
        return -A_PLACE
    return 0.4 if text[end : end + 1] in _FOLLOWS else 0.0


def _is_word(text: str, at: int) -> bool:
    """Whether the character before belongs to this one (责任 + 主任, 各位 + 老师)."""
    before = text[at - 1 : at]
    return before not in _LEADS and before + text[at] in common_pairs()
