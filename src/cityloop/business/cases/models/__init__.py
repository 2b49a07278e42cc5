"""What the loop keeps."""

from cityloop.business.cases.models.approval import Approval
from cityloop.business.cases.models.bulk import BulkMove
from cityloop.business.cases.models.case import Case
from cityloop.business.cases.models.photo import Photo
from cityloop.business.cases.models.report import Report, Reporter
from cityloop.business.cases.models.task import Task

__all__ = ["Approval", "BulkMove", "Case", "Photo", "Report", "Reporter", "Task"]
