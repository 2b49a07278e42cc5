"""What patrols keep."""

from cityloop.business.patrol.models.deliveries import Delivery
from cityloop.business.patrol.models.figures import OwnReport, WorkerFigure
from cityloop.business.patrol.models.patrols import Patrol, Plan, Visit
from cityloop.business.patrol.models.tracks import Consent, TrackOpening, TrackPart

__all__ = [
    "Consent",
    "Delivery",
    "OwnReport",
    "Patrol",
    "Plan",
    "TrackOpening",
    "TrackPart",
    "Visit",
    "WorkerFigure",
]
