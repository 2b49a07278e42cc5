"""What is sealed here."""

from __future__ import annotations

from cityloop.business.notify.models import Webhook
from cityloop.business.notify.secrets import RING, place
from cityloop.city.key_rings import Sealed, register

register(Sealed(RING, Webhook, ("secret",), lambda row, _: place(row.pk)))
