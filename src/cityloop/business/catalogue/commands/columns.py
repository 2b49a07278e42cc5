"""How the columns of a catalogue file are called: Chinese standards, and our own export."""

from __future__ import annotations

from collections.abc import Sequence

from cityloop.kernel.errors import DomainError

# Our own names, in the order of the export; then the names other files use.
COLUMNS: dict[str, tuple[str, ...]] = {
    "kind": ("类型", "部件/事件"),
    "big_code": ("大类代码", "大类编码"),
    "big_zh": ("大类名称", "大类", "big_name"),
    "big_en": ("大类英文名称",),
    "small_code": ("小类代码", "小类编码"),
    "zh": ("小类名称", "小类", "small_name"),
    "en": ("小类英文名称", "small_en"),
    "aliases": ("别名",),
    "urgency": ("紧急程度",),
    "file_zh": ("立案条件", "file_condition"),
    "file_en": ("立案条件英文",),
    "close_zh": ("结案条件", "close_condition"),
    "close_en": ("结案条件英文",),
    "limit": ("处置时限", "处理时限", "时限", "limit_raw"),
    "units": ("处置单位", "处置部门", "责任单位", "handling_unit"),
    "supervisors": ("主管部门", "supervising_dept"),
    "departments": ("部门代码",),
    "evidence": ("取证要求",),
    "default": ("默认",),
    "remark": ("备注",),
}
NEEDED = ("big_code", "small_code", "zh", "file_zh", "limit")
ALL_NAMES = tuple(name for own, others in COLUMNS.items() for name in (own, *others))


def columns_of(there: Sequence[str]) -> dict[str, str]:
    """Our name → the file's name. Raises: DomainError("catalogue.columns") naming the missing."""
    plain = {"".join(name.split()).casefold(): name for name in there}
    found = {}
    for own, others in COLUMNS.items():
        hit = next((plain[n] for n in (own, *others) if n in plain), None)
        if hit is not None:
            found[own] = hit
    missing = [f"{COLUMNS[name][0]} ({name})" for name in NEEDED if name not in found]
    if missing:
        raise DomainError(
            "catalogue.columns",
            f"The columns {', '.join(missing)} are missing; there are: {', '.join(there)}. "
            "Rename the columns, or start from `cityloop export catalogue`.",
            f"缺少列：{'、'.join(missing)}；现有：{'、'.join(there)}。请改列名，或以导出文件为模板。",
            where="columns",
            details={"missing": missing, "columns": list(there)},
        )
    return found
