"""What the public may read of a report: numbers masked, and names where the writer says them."""

from __future__ import annotations

import re

from cityloop.city.audit.domain import masked_text
from cityloop.engines.sealing import mask_name

LONGEST = 4000  # of a description, by GeoReport v2
# Words after which people give a name. What follows no such word is not recognised.
_ZH = re.compile(
    r"((?:我叫|本人叫|名叫|姓名|联系人|投诉人|反映人|申请人|举报人|来电人)\s*(?:是|为)?[:：]?\s*)"
    r"([\u4e00-\u9fff]{2,4}?)(?=$|[^\u4e00-\u9fff]|[今现住家系男女于在是的因要想])"
)
_EN = re.compile(
    r"(?i)(\b(?:my name is|i am called|contact person:?|name:)\s+)"
    r"([a-z][\w'-]*(?: (?-i:[A-Z])[\w'-]*)?)"
)


def public_text(text: str) -> str:
    """The text with e-mails, identity and phone numbers, and announced names masked, cut to 4,000.

    Example: >>> public_text("我叫张三丰，电话13800138000")
        '我叫张*，电话138****8000'
    """
    text = _ZH.sub(lambda m: m[1] + mask_name(m[2]), text)
    text = _EN.sub(lambda m: m[1] + mask_name(m[2]), text)
    text = masked_text(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
