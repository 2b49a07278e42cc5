"""Collections and their features."""

from cityloop.hub.ogc.queries.features import Found, every, features, one
from cityloop.hub.ogc.queries.offered import collection, offered

__all__ = ["Found", "collection", "every", "features", "offered", "one"]
