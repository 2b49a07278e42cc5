"""Words to places, and back."""

from cityloop.city.gazetteer.queries.found import Found
from cityloop.city.gazetteer.queries.reading import PlaceReading, read_place
from cityloop.city.gazetteer.queries.reversing import Near, Reversed, reverse
from cityloop.city.gazetteer.queries.searching import MOST, search

__all__ = ["MOST", "Found", "Near", "PlaceReading", "Reversed", "read_place", "reverse", "search"]
