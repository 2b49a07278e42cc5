"""Which router stands where."""

from __future__ import annotations

from django.conf import settings
from ninja import Router

from cityloop.ai.forecasts.api import router as forecasts
from cityloop.ai.triage.api import router as triage
from cityloop.business.calls.api import router as calls
from cityloop.business.catalogue.api import router as catalogue
from cityloop.business.desk.api import router as desk
from cityloop.business.dispatch.api import router as routing
from cityloop.business.intake.api import router as imports
from cityloop.business.issues.api import router as issues
from cityloop.business.notify.api import notices
from cityloop.business.notify.api import router as webhooks
from cityloop.business.patrol.api import patrol_router, worker_router
from cityloop.business.replies.api import router as replies
from cityloop.business.retention.api import router as retention
from cityloop.business.supervision.api import router as supervision
from cityloop.city.accounts.api import router as accounts
from cityloop.city.audit.api import router as ledger
from cityloop.city.division.api import router as division
from cityloop.city.elements.api import router as elements
from cityloop.city.gazetteer.api import router as gazetteer
from cityloop.city.places.api import router as places
from cityloop.city.places.tiles_api import router as tiles
from cityloop.data.geography.api import router as geography
from cityloop.data.geography.map_api import router as base_map
from cityloop.hub.demo.api import router as demo
from cityloop.hub.guide.api import router as guide
from cityloop.hub.openfigures.api import router as open_figures
from cityloop.hub.overview.api import router as overview
from cityloop.hub.practice.api import router as practice
from cityloop.hub.setup.api import router as setup
from cityloop.hub.usage.api import router as usage

PRIVATE: list[tuple[str, Router]] = [
    ("", accounts),
    ("", places),
    ("/places/geography", geography),
    ("/places/base", base_map),
    ("/elements", elements),
    ("/places/division", division),
    ("/overview", overview),
    ("/catalogue", catalogue),
    ("/desk", desk),
    ("/routing", routing),
    ("/triage", triage),
    ("/forecasts", forecasts),
    ("/imports", imports),
    ("/calls", calls),
    ("/webhooks", webhooks),
    ("/retention", retention),
    ("/worker", worker_router),
    ("/patrol", patrol_router),
    ("/usage", usage),
    ("/practice", practice),
    ("/help", guide),
    ("/supervision", supervision),
    ("/issues", issues),
    ("", replies),
]
# Public routers decide themselves what of theirs needs a log-in.
PUBLIC: list[tuple[str, Router]] = [
    ("/ledger", ledger),
    ("/notices", notices),
    ("/public", open_figures),
]
PUBLIC.append(("/places/tiles", tiles))
PUBLIC.append(("/places", gazetteer))
PUBLIC.append(("/setup", setup))
if settings.DEMO:
    PRIVATE.append(("/demo", demo))
