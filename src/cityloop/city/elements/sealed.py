"""What is sealed here."""

from __future__ import annotations

from cityloop.city.elements.models import PersonCard
from cityloop.city.elements.queries.persons import card_context
from cityloop.city.key_rings import Sealed, register

register(Sealed("persons", PersonCard, ("sealed",), lambda row, _: card_context(row.pk)))
