"""REST of the loop: cases, reports, follow-up, approvals."""

from cityloop.business.cases.api.cases import router as cases_router
from cityloop.business.cases.api.follow import router as follow_router
from cityloop.business.cases.api.one import router as one_router
from cityloop.business.cases.api.reports import public_router as public_reports_router
from cityloop.business.cases.api.reports import router as reports_router
from cityloop.business.cases.api.tasks import approvals_router, tasks_router

cases_router.add_router("", one_router)

__all__ = [
    "approvals_router",
    "cases_router",
    "follow_router",
    "public_reports_router",
    "reports_router",
    "tasks_router",
]
