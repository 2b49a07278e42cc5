"""Elements as the engines, the desk and the maps ask for them."""

from cityloop.city.elements.queries.columns import Columns, arrays
from cityloop.city.elements.queries.kinds import kind_row, kinds, spec_of, stamp

__all__ = ["Columns", "arrays", "kind_row", "kinds", "spec_of", "stamp"]
