"""Tables from elsewhere: what their columns are usually called, what stands in a cell, gzip."""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from cityloop.kernel.errors import DomainError

TEXT = (
    "text", "body", "content", "contents", "description", "detail", "details", "message",
    "narrative", "complaint_text", "complaint_description", "request_description",
    "留言详情", "留言内容", "正文", "内容", "详情", "诉求内容", "诉求描述", "工单内容", "反映内容",
    "问题描述", "事件描述", "来电内容", "投诉内容", "主要内容", "描述",
)  # fmt: skip
TITLE = (
    "title", "subject", "summary", "headline", "complaint_title",
    "留言主题", "留言标题", "标题", "主题", "诉求标题", "诉求主题", "工单标题", "事件标题",
)  # fmt: skip
LABEL = (
    "label", "class", "class_key", "category", "department", "dept", "agency", "agency_name",
    "一级标签", "一级分类", "标签", "类别", "分类", "诉求类别", "诉求分类", "问题类别",
    "责任单位", "责任部门", "主办单位", "主办部门", "承办单位", "承办部门", "处置部门", "部门",
)  # fmt: skip
DAY = (
    "date", "day", "created_date", "creation_date", "creation_day", "open_dt", "opened",
    "open_date", "requested_datetime", "request_date", "received_at", "received", "created_at",
    "created", "time", "timestamp",
    "日期", "时间", "留言时间", "上报时间", "上报日期", "受理时间", "受理日期",
    "登记时间", "登记日期", "创建时间", "创建日期", "来电时间", "诉求时间",
)  # fmt: skip
AREA = (
    "area", "neighborhood", "neighbourhood", "police_district", "district", "borough", "region",
    "ward", "ward_name", "community_area", "community", "subdistrict", "precinct",
    "区域", "街道", "区县", "地区", "所属区", "所属街道", "所属区域", "辖区",
)  # fmt: skip
TOPIC = (
    "reason", "topic", "category", "complaint_type", "request_type", "case_type", "srtype",
    "nature", "class", "class_key", "type", "service_name",
    "大类", "类别", "一级标签", "主题", "诉求类别", "诉求类型", "问题类别", "事件类别", "类型",
)  # fmt: skip
COUNT = (
    "count", "cnt", "n", "counts", "requests", "num_requests", "reports", "num_reports",
    "number_of_requests", "number_of_reports", "total",
    "数量", "件数", "受理量", "诉求量", "工单量", "来电量", "上报量",
)  # fmt: skip


LOOKED_AT = 20_000
_TIME_OF_DAY = re.compile(r"(?<!\d)(?!0?0:00|12:00(?::00)? ?AM)\d{1,2}:\d{2}", re.IGNORECASE)
_SLASHED = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}")


def folded(name: str) -> str:
    """A column's name without what differs from office to office: "Created Date", "created_date"
    and "CreatedDate" are one."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in plain if char not in "_-.\ufeff" and not char.isspace())


def find_column(there: Collection[str], usual: Sequence[str]) -> str:
    """The first usual name that the table has, as the table writes it; "" where it has none."""
    by_name = {folded(name): name for name in reversed(list(there))}
    return next((by_name[name] for name in map(folded, usual) if name in by_name), "")


def cell_text(value: object) -> str:
    """What a cell says: nothing where it is empty (also a data frame's NaN), "0" where it is 0."""
    is_nothing = value is None or value != value  # noqa: PLR0124 - NaN alone differs from itself
    return "" if is_nothing else str(value)


def columns_of_counts(rows: Sequence[Mapping[str, object]], day: str) -> list[str]:
    """Columns that may hold how many, where rows look like daily counts and not like reports.

    They do when each row is another day of what its other columns say (reports come twice on a
    day), three days of each on average, without a time of day.
    """
    said = {name: [cell_text(row.get(name)).strip() for row in rows] for name in rows[0]}
    days = said.pop(day)
    if any(_TIME_OF_DAY.search(one) for one in days):
        return []
    numbers = [name for name, values in said.items() if _are_counts(values)]
    rest = [values for name, values in said.items() if name not in numbers]
    kinds = list(zip(*[one for one in rest if len(set(one)) < len(rows)], strict=True))
    kinds = kinds or [()] * len(rows)
    is_each_another = len(set(zip(days, kinds, strict=True))) == len(rows)
    return numbers if is_each_another and len(rows) >= 3 * len(set(kinds)) else []


def _are_counts(values: Sequence[str]) -> bool:
    """Whole numbers (some cells may be empty) that do not just count the rows."""
    if not any(values) or not all(re.fullmatch(r"\d{0,9}(\.0+)?", one) for one in values):
        return False
    known = [float(one) for one in values if one]
    return any(later <= one for one, later in pairwise(known))


def day_comes_first(said: Iterable[str]) -> bool | None:
    """How 04/12/2018 is meant in a column, as the numbers above 12 tell; None where none does."""
    first = second = 0
    for number, one in enumerate(said):
        found = _SLASHED.match(one)
        if found:
            first, second = max(first, int(found[1])), max(second, int(found[2]))
        # a file in order of time may need many rows to come to the 13th of a month
        if max(first, second) > 12 or (not first and number >= LOOKED_AT):
            break
    return None if max(first, second) <= 12 else first > 12


@contextmanager
def unpacked(path: Path | str) -> Iterator[Path]:
    """The file itself, or what a gzipped one holds, for as long as it is read.

    Raises: DomainError("table.damaged").
    """
    file = Path(path)
    if not file.is_file() or _head(file) != b"\x1f\x8b":
        yield file
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / (file.stem if file.suffix == ".gz" else file.name)
        try:
            with gzip.open(file) as packed, plain.open("wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
        except (OSError, EOFError, zlib.error) as error:
            raise DomainError(
                "table.damaged",
                f"{file.name} is a damaged gzip file ({error}). Fetch it again.",
                f"{file.name} 是损坏的 gzip 文件，请重新获取。",
                where=file.name,
            ) from error
        yield plain


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(2)
