"""Registers, inspections and person cards. Mounted at /elements."""

from ninja import Router

from cityloop.city.elements.api import inspections, persons, registers

router = Router()
for part in (inspections, persons, registers):
    router.add_router("", part.router)
