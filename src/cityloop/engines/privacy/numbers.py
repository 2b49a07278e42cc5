"""What has a form of its own: numbers of people, things and accounts.

Forms by GB 11643 (identity numbers with their check digit), GA 36 (plates), ISO/IEC 7812 (cards,
Luhn's check). A number that has the form but not the check digit is masked as an identity number
all the same: a slip of the pen is still somebody's number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cityloop.engines.privacy.kinds import Kind

_SEP = r"[ \-.]?"
_BORDER = r"(?<![0-9A-Za-z])"
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_BIRTH = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"

_ID = re.compile(rf"(?<!\d)[1-9]\d{{5}}[ ]?{_BIRTH}[ ]?\d{{3}}[\dXx](?!\d)")
_ID_SPACED = re.compile(r"(?<!\d)[1-9](?:[ \-]?\d){16}[ \-]?[\dXx](?![\dXx])")
_ID_OLD = re.compile(r"(?<!\d)(?!20)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_ID_CUE = re.compile(
    r"(?:身份证(?:号码?)?|公民身份号码|证件号码?|ID (?:card )?(?:number|no\.?))"
    r"[^0-9\n]{0,6}([0-9][0-9 *Xx]{10,24}[0-9Xx*])",
    re.IGNORECASE,
)
_MOBILE = re.compile(
    rf"(?<![\d.])(?:\+?(?:00)?86{_SEP}(?:\(0\))?)?1{_SEP}[3-9]{_SEP}\d{_SEP}(?:\d{_SEP}){{7}}\d(?!\d)"
)
_MOBILE_APART = re.compile(r"(?<![\d.])1[3-9]\d[ \-.·]{1,3}\d{4}[ \-.·]{1,3}\d{4}(?!\d)")
_DIGIT_WORDS = "零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两"
_MOBILE_IN_WORDS = re.compile(rf"[一壹幺][三四五六七八九叁肆伍陆柒捌玖][{_DIGIT_WORDS}]{{9}}")
_LANDLINE_IN_WORDS = re.compile(rf"[零〇][{_DIGIT_WORDS}]{{9,11}}(?![{_DIGIT_WORDS}])")
_AMERICAN = re.compile(
    r"(?<![\d+])(?![48]00)(?:1[ \-.])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[\-. ])"
    r"[2-9]\d{2}[\-.]\d{4}(?!\d)"
)
_LANDLINE = re.compile(r"(?<!\d)\(?0\d{2,3}\)?[ \-]{0,3}[2-9]\d{2,3}[ \-]?\d{4}(?:-\d{1,5})?(?!\d)")
_LOCAL_CUE = re.compile(
    r"(?:电话|座机|热线|传真|手机|致电|拨打|tel(?:ephone)?|phone|call)[^0-9\n]{0,8}"
    r"([2-9]\d{2,3}[ \-]?\d{4}(?:-\d{1,5})?)(?!\d)",
    re.IGNORECASE,
)
_ABROAD = re.compile(r"(?<![\d+])\+[1-9]\d{0,2}[ \-]?(?:\(?\d{1,4}\)?[ \-]?){2,4}\d{2,4}(?!\d)")
_CARD = re.compile(rf"(?<!\d)(?:\d{_SEP}){{15,18}}\d(?!\d)")
_UNIONPAY = re.compile(rf"(?<!\d)62{_SEP}(?:\d{_SEP}){{13,16}}\d(?!\d)")
_PLATE = re.compile(
    rf"[{_PROVINCE}][ ]?[A-HJ-NP-Za-hj-np-z][·•. \-]?"
    r"(?:[DFABCEGHJKdfabceghjk][A-HJ-NP-Za-hj-np-z0-9]\d{4}|\d{5}[DFABCEGHJKdfabceghjk]"
    r"|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳]"
    # as people remember them: a space elsewhere, a character too many
    r"|(?=[A-Z ]{0,4}\d)[A-HJ-NP-Z0-9][ ]?[A-HJ-NP-Z0-9]{4,5})(?![0-9A-Za-z])"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{2,63}){1,4}")
_EMAIL_SPELT = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64} ?[\[(]at[\])] ?[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z]{2,24})+"
)
_PERMIT = re.compile(r"(?:通行证|回乡证|台胞证|居留证)[^A-Za-z0-9\n]{0,8}([A-Za-z]?\d{8,12})(?!\d)")
_ACCOUNT = re.compile(
    r"(?:QQ|Q Q|微信号?|WeChat(?: ID)?|wx|vx|支付宝|抖音号?|微博号?)(?:号码?|账号)?"
    r"[ ]?(?:[:是为]|is)?[ ]?([A-Za-z0-9_\-]{5,24})",
    re.IGNORECASE,
)
_BANK_CUE = re.compile(
    r"(?:银行卡|信用卡|储蓄卡|借记卡|存折|卡号|账号|帐号|账户|户号|account|card)"
    r"[^0-9\n]{0,10}(\d(?:[ \-]?\d){9,24})",
    re.IGNORECASE,
)
_PASSPORT = re.compile(
    rf"(?:护照|passport)[^A-Za-z0-9\n]{{0,8}}([A-Za-z]{{1,2}}\d{{7,8}}){_BORDER}?"
)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_checks(number: str) -> bool:
    """Whether the check character of an 18-digit identity number is right (GB 11643)."""
    digits = number.replace(" ", "")
    if len(digits) != 18 or not digits[:17].isdigit():
        return False
    total = sum(int(c) * w for c, w in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[17].upper()


def card_checks(number: str) -> bool:
    """Whether a card number has 16 to 19 digits and Luhn's check digit."""
    digits = [int(c) for c in number if c.isdigit()][::-1]
    if not 16 <= len(digits) <= 19:
        return False
    doubled = sum(sum(divmod(2 * d, 10)) for d in digits[1::2])
    return (sum(digits[0::2]) + doubled) % 10 == 0


def _always(_: str) -> bool:
    return True


def _has_birthday(number: str) -> bool:
    digits = re.sub(r"[ \-]", "", number)
    return re.fullmatch(rf"\d{{6}}{_BIRTH}\d{{3}}[\dXx]", digits) is not None


def _not_a_date(number: str) -> bool:
    """A run such as 2019-09-05 17 is no telephone number."""
    return re.match(r"(?:19|20)\d{2}[ \-.](?:0?[1-9]|1[0-2])[ \-.]", number) is None


# In the order of trust: what an earlier one took, a later one does not take apart.
FORMS: tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool]], ...] = (
    (Kind.EMAIL, _EMAIL, _always),
    (Kind.EMAIL, _EMAIL_SPELT, _always),
    (Kind.ID_NUMBER, _ID, _always),
    (Kind.ID_NUMBER, _ID_CUE, _always),
    (Kind.ID_NUMBER, _ID_SPACED, _has_birthday),
    (Kind.BANK_CARD, _CARD, card_checks),
    (Kind.BANK_CARD, _UNIONPAY, _always),
    (Kind.MOBILE, _MOBILE, _not_a_date),
    (Kind.MOBILE, _MOBILE_APART, _always),
    (Kind.MOBILE, _MOBILE_IN_WORDS, _always),
    (Kind.ID_NUMBER, _ID_OLD, _always),
    (Kind.BANK_CARD, _BANK_CUE, _always),
    (Kind.LANDLINE, _LANDLINE, _not_a_date),
    (Kind.LANDLINE, _LOCAL_CUE, _always),
    (Kind.LANDLINE, _LANDLINE_IN_WORDS, _always),
    (Kind.LANDLINE, _ABROAD, _always),
    (Kind.LANDLINE, _AMERICAN, _always),
    (Kind.PLATE, _PLATE, _always),
    (Kind.PASSPORT, _PASSPORT, _always),
    (Kind.PASSPORT, _PERMIT, _always),
    (Kind.ACCOUNT, _ACCOUNT, _always),
)


def numbers_in(text: str) -> Iterator[tuple[int, int, Kind]]:
    """(start, end, kind) of every number in a folded text; may overlap, the most trusted first."""
    for kind, form, holds in FORMS:
        for match in form.finditer(text):
            group = match.lastindex or 0
            if holds(match[group]):
                yield match.start(group), match.end(group), kind
