"""Files to reports: the mapping, the rows, the count. Pure."""

from cityloop.business.intake.domain.map_file import bind, parse_map
from cityloop.business.intake.domain.report_map import ReportMap
from cityloop.business.intake.domain.rows import Limits, RowReader, RowResult
from cityloop.business.intake.domain.summary import summary_lines
from cityloop.business.intake.domain.tally import Tally

__all__ = [
    "Limits",
    "ReportMap",
    "RowReader",
    "RowResult",
    "Tally",
    "bind",
    "parse_map",
    "summary_lines",
]
