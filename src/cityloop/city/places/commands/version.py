"""Telling every process that the areas have changed."""

from __future__ import annotations

import secrets

from cityloop.city.places.models import PlacesVersion


def places_changed() -> int:
    """The next version number; inside the transaction of the change.

    It grows by a random step: a number that was given in a transaction rolled back can then
    not come again for another state, which a process might still remember under it.
    """
    row, _ = PlacesVersion.objects.select_for_update().get_or_create(pk=1, defaults={"number": 0})
    row.number += 1 + secrets.randbelow(2**20)
    row.save(update_fields=["number"])
    return row.number
