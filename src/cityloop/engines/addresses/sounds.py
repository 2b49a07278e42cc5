"""How a name sounds: people type by sound, and their mistakes sound right.

pypinyin reads by phrases, so that 重庆路 is chong qing lu. Sounds that many speakers do not tell
apart (zh/z, ch/c, sh/s, -ng/-n, l/n at the beginning) are one for finding, two for ranking.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cityloop.engines.addresses.plain import is_hanzi

_SAME_START = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def sound_of(name: str) -> str:
    """Syllables of the Chinese characters of a name, by blanks; "" where there are none.

    Example: >>> sound_of("和平路")
        'he ping lu'
    """
    hanzi = "".join(c for c in name if is_hanzi(c))
    if not hanzi:
        return ""
    from pypinyin import lazy_pinyin  # 30 MB of phrases: only where names are read

    return " ".join(s for s in lazy_pinyin(hanzi, errors="ignore", v_to_u=False) if s)


@lru_cache(maxsize=4096)
def blurred(syllable: str) -> str:
    """A syllable without the differences that are often not heard.

    Example: >>> blurred("zhang"), blurred("lin")
        ('zan', 'lin')
    """
    for long, short in _SAME_START:
        if syllable.startswith(long):
            syllable = short + syllable[2:]
            break
    return re.sub(r"ng$", "n", syllable)
