"""Writing the trace."""

from cityloop.city.audit.commands.record import Draft, record, record_many

__all__ = ["Draft", "record", "record_many"]
