"""What was done to a row without refusing it; counted in the summary and kept with the report."""

from __future__ import annotations

from types import MappingProxyType

REMARKS = MappingProxyType(
    {
        "coords.coarse": (
            "坐标仅精确到整度（约百公里），按无坐标处理",
            "coordinates cut to whole degrees (some 100 km), taken as missing",
        ),
        "coords.listed": (
            "坐标为映射文件声明的占位值，按无坐标处理",
            "coordinates that the mapping lists as placeholders, taken as missing",
        ),
        "coords.unusable": (
            "坐标无法使用，按无坐标处理",
            "unusable coordinates, taken as missing",
        ),
        "date.unusable": ("时间无法识别，按无发生时间处理", "unusable times, taken as missing"),
        "id.from_content": (
            "无外部编号，按整行内容生成编号",
            "no external id; made from the content of the row",
        ),
        "text.cleaned": (
            "文本中的控制或不可见字符已清除",
            "control or invisible characters taken out of the text",
        ),
        "language.unknown": ("语言值无法识别，按中文处理", "unknown language, taken as zh"),
        "area.unmapped": ("区域值不在对照表中", "value of the area column not in the table"),
        "class.unmapped": (
            "类别值不在对照表中，交由模型或人工判定",
            "value of the class column not in the table; left to the model or a person",
        ),
    }
)
