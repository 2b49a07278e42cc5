"""Words to places, and back."""

from cityloop.city.gazetteer.queries.found import Found
from cityloop.city.gazetteer.queries.reading import PlaceReading, read_place
from cityloop.city.gazetteer.queries.reversing import Near, Reversed, reverse
from cityloop.city.gazetteer.queries.searching import search
from cityloop.city.gazetteer.queries.weighing import MOST

__all__ = ["MOST", "Found", "Near", "PlaceReading", "Reversed", "read_place", "reverse", "search"]
