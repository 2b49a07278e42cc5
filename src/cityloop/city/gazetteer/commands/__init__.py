"""Keeping the index in step with what it is made from."""

from cityloop.city.gazetteer.commands.following import follow
from cityloop.city.gazetteer.commands.writing import Changed

__all__ = ["Changed", "follow"]
