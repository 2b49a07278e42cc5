"""A second set of references, stated as rules: the place and the matter as titles name them.

Found by searching the file for names of places and for matters, after the settings were fixed and
without looking at any grouping; no issue is also in references.json. Each rule was read through:
what it finds is one matter at one place, in all the wordings that stand in the file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LEAST = 3
RULES: dict[str, tuple[str, str]] = {
    # name: (the place, or who it is about; the matter), both looked for in the title
    "hospital beside an estate": ("诺亚山林", "医院"),
    "a trunk road at the door": ("国道107", "距我家"),
    "fuel subsidy of taxis": ("出租车", "补"),
    "another way for bus 805": ("805路", "木莲"),
    "smoke at one estate": ("润芳园", "油烟|烧烤"),
    "night market at an estate": ("扬帆", "夜宵|夜市"),
    "restaurants in flats": ("兰亭湾畔", "餐"),
    "park of the royal tombs": ("王陵|陵王", "公园"),
    "work at night of one builder": ("福满新城|长大建设集团", "施工|扰民"),
    "lending platform": ("余易贷", ""),
    "money not returned": ("富惠天下", ""),
    "light of a shop": ("楷林", "光污染"),
    "purchase money of a mall": ("中[茂贸]城", "购房资金|血汗钱|业主资金"),
    "advertising of a firm": ("自梦强", ""),
    "fraud of a firm": ("飞迈", ""),
    "files of a building": ("东成大厦", "公开"),
    "stop at a railway halt": ("南塘城轨", "公交站"),
    "parking sold": ("圣力华苑", "车位"),
    "two certificates into one": ("圣力华苑", "两证"),
    "a central city of the nation": ("国家中心", "加快"),
    "fees raised at a school": ("未来实验学校", "学费"),
    "water of an estate": ("鑫天鑫城", "供水|水质"),
    "no water on low floors": ("才子", "无水|水压"),
    "villas built over": ("龙湾国际社区", "违建"),
    "corridors closed": ("奥克斯缔壹城", "消防|连廊|入户|违建|安全隐患"),
    "a bus line not running": ("139", "公交|区间"),
    "a bus that comes late": ("205路", "发车"),
    "kindergarten of estate one": ("云时代", "幼儿园"),
    "kindergarten of estate two": ("西海岸", "幼儿园"),
    "refuse house beside an estate": ("云时代", "垃圾"),
    "cracks of an estate": ("云时代", "质量|裂缝"),
    "flooded flats": ("同鑫家园|新桥新村", "漏水|排水|反水|淹"),
    "funeral house in a park": ("梅岭公园|民中心", "殡仪馆"),
    "plans of an estate": ("梅岭国际", "规划"),
    "a town programme": ("一圈二场三道", ""),
    "a road under a motorway": ("东六路", "下穿"),
    "a park not begun": ("泉星公园", ""),
    "a school to be extended": ("郝家坪小学", ""),
}  # fmt: skip


def references(titles: Sequence[str]) -> dict[str, list[int]]:
    """Rows of each issue, by name."""
    return {
        name: [n for n, t in enumerate(titles) if re.search(place, t) and re.search(matter, t)]
        for name, (place, matter) in RULES.items()
    }
