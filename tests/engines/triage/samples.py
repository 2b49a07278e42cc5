"""Small made-up reports of four classes; one in six touches a second class."""

from __future__ import annotations

import random

PHRASES = {
    "交通": ["道路交通 信号灯故障", "道路交通 车辆违停占道", "道路交通 公交站点"],
    "环境": ["环境保护 油烟扰民", "环境保护 夜间施工噪音", "环境保护 污水排放"],
    "教育": ["教育 学校招生入学", "教育 教师待遇", "教育 补课收费"],
    "市容": ["市容环卫 垃圾清运", "市容环卫 井盖破损", "市容环卫 占道经营"],
}
_MATTERS = {
    "交通": ["红绿灯坏了", "车辆乱停挡住出口", "公交车半小时不来", "路口经常堵车", "路面坑洼难行"],
    "环境": [
        "楼下饭店油烟很大",
        "工地半夜还在施工",
        "河水又黑又臭",
        "工厂排放刺鼻气味",
        "噪音吵得睡不着",
    ],
    "教育": [
        "孩子入学报名被拒",
        "学校强制补课收费",
        "老师工资拖欠",
        "幼儿园乱收费",
        "学区划分不合理",
    ],
    "市容": [
        "垃圾好几天没人清运",
        "井盖破损很危险",
        "摊贩占道经营",
        "公厕没人打扫",
        "路边小广告太多",
    ],
}
_PLACES = ["A3区人民路12号", "B市东门小区", "中心广场旁", "C1县二中对面", "滨河街道"]
_MANNERS = ["请尽快处理", "希望有关部门重视", "已经反映多次", "望回复，谢谢", "居民意见很大"]


def reports(count: int, seed: int = 1) -> tuple[list[str], list[str], list[str]]:
    """Titles, texts, labels."""
    chance = random.Random(seed)
    titles, texts, labels = [], [], []
    for index in range(count):
        label = list(_MATTERS)[index % 4]
        one, other = chance.sample(_MATTERS[label], 2)
        if chance.random() < 1 / 6:
            second = chance.choice([each for each in _MATTERS if each != label])
            one, other = other, "，".join(chance.sample(_MATTERS[second], 2))
        places = f"{chance.choice(_PLACES)}第{chance.randint(1, 99)}栋"
        titles.append(one if chance.random() < 0.7 else "")
        texts.append(
            f"{places}{one}，{other}，{chance.choice(_MANNERS)}。{chance.randint(1, 9999)}"
        )
        labels.append(label)
    return titles, texts, labels
