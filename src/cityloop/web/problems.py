"""What is wrong with a field, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# By the validator's type of error; filled with what it says about limits.
ZH: dict[str, str] = {
    "missing": "缺少必填项",
    "string_too_long": "过长，最多 {max_length} 字",
    "string_too_short": "过短，至少 {min_length} 字",
    "string_type": "应为文本",
    "string_pattern_mismatch": "格式不符，应为 {pattern}",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "int_parsing_size": "整数过大",
    "float_parsing": "应为数值",
    "float_type": "应为数值",
    "finite_number": "应为有限数值",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "greater_than_equal": "不得小于 {ge}",
    "greater_than": "须大于 {gt}",
    "less_than_equal": "不得大于 {le}",
    "less_than": "须小于 {lt}",
    "literal_error": "可选值：{expected}",
    "enum": "可选值：{expected}",
    "list_type": "应为列表",
    "too_long": "过多，最多 {max_length} 项",
    "too_short": "过少，至少 {min_length} 项",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "extra_forbidden": "没有此字段",
    "datetime_parsing": "不是有效的日期时间，应形如 2026-03-16T10:00:00+08:00",
    "datetime_from_date_parsing": "不是有效的日期时间，应形如 2026-03-16T10:00:00+08:00",
    "datetime_type": "不是有效的日期时间，应形如 2026-03-16T10:00:00+08:00",
    "moment_range": "时间须在 1900 年至 2199 年之间",
    "value_error": "{error}",
}


def problem(error: Mapping[str, Any], language: str) -> str:
    """One sentence about one error of the validator."""
    if not language.startswith("zh"):
        return str(error["msg"])
    words = ZH.get(str(error.get("type", "")), "格式不正确")
    try:
        return words.format(**{k: str(v) for k, v in (error.get("ctx") or {}).items()})
    except (KeyError, IndexError):
        return "格式不正确"
