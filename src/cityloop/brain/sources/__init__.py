"""Where rows come from: files, SQL, REST, MQTT, any iterable (also a dlt source)."""

from cityloop.brain.sources.addresses import rows_of_rest, rows_of_sql
from cityloop.brain.sources.files import rows_of_file
from cityloop.brain.sources.kinds import check_options, kind_of
from cityloop.brain.sources.live import Subscription
from cityloop.brain.sources.objects import has_frame, no_row, of_frame, rows_of_anything

__all__ = [
    "Subscription",
    "check_options",
    "has_frame",
    "kind_of",
    "no_row",
    "of_frame",
    "rows_of_anything",
    "rows_of_file",
    "rows_of_rest",
    "rows_of_sql",
]
