"""What anybody may read."""

from cityloop.hub.openfigures.queries.nearby import nearby, place_named, where
from cityloop.hub.openfigures.queries.reckoning import figures, forget, outlines
from cityloop.hub.openfigures.queries.site import site
from cityloop.hub.openfigures.queries.state import public_state

__all__ = [
    "figures",
    "forget",
    "nearby",
    "outlines",
    "place_named",
    "public_state",
    "site",
    "where",
]
