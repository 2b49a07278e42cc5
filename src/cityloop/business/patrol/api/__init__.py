"""REST of patrols: /worker for a grid worker's device, /patrol for plans and coverage."""

from cityloop.business.patrol.api.patrol import router as patrol_router
from cityloop.business.patrol.api.worker import router as worker_router

__all__ = ["patrol_router", "worker_router"]
