"""Names, spellings, houses; what was read."""

from cityloop.city.gazetteer.models.rows import House, Named, Seen, Spelling

__all__ = ["House", "Named", "Seen", "Spelling"]
