"""What is sealed here."""

from __future__ import annotations

from cityloop.business.cases.commands.reporters import FIELDS
from cityloop.business.cases.models import Reporter
from cityloop.city.key_rings import Sealed, register

register(
    Sealed("reporters", Reporter, FIELDS, lambda row, name: f"reporter:{row.report_id}:{name}")
)
