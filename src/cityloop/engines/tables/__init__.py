"""Tables, dates and texts as they come from outside, and tables that go out."""

from cityloop.engines.tables.opening import open_table
from cityloop.engines.tables.table import Cell, RefusedRow, Table

__all__ = ["Cell", "RefusedRow", "Table", "open_table"]
