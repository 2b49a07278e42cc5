"""Requests of another system as reports of ours, through the same intake as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cityloop.business.catalogue.queries import catalogue
from cityloop.business.intake.commands import take_records
from cityloop.business.intake.commands.records import RecordsDone
from cityloop.business.intake.domain import ReportMap, parse_map
from cityloop.city.accounts.domain import Viewer
from cityloop.hub.federation.client import Open311Client

# How the fields of GeoReport v2 are read where no mapping file says otherwise.
GEOREPORT = """
name = "Open311 GeoReport v2"
[columns]
external_id = "request"
title = "service_name"
text = "description"
happened_at = "requested_datetime"
lon = "long"
lat = "lat"
address = "address"
[coordinates]
unusable = "missing"
[dates]
unusable = "missing"
[class]
column = "known_class"
[keep]
columns = ["service_request_id", "service_code", "status", "status_notes", "agency_responsible",
  "updated_datetime", "address_id", "zipcode", "media_url"]
"""


def pull(
    client: Open311Client,
    *,
    start: datetime,
    end: datetime,
    channel: str,
    mapping: ReportMap | None = None,
    filters: Mapping[str, str] | None = None,
    actor: Viewer,
    clock: Callable[[], datetime],
) -> RecordsDone:
    """Take in every request that another system got in a time. May be repeated: a request is
    known by the system's host and its id.

    Args:
        mapping: a mapping file for the other system's fields (its [class] tells which of its
            service codes are which of our classes); none: codes that are ours are taken as they
            are, the rest is left to the model or a person.
    """
    host = urlsplit(client.url).netloc
    rows = client.requests_between(start, end, **(filters or {}))
    return take_records(
        _named(rows, host),
        mapping=mapping or parse_map(GEOREPORT),
        channel=channel,
        origin={"from": host},
        actor=actor,
        clock=clock,
    )


def _named(rows: Iterable[dict[str, Any]], host: str) -> Iterable[dict[str, Any]]:
    """With the id under which we know a request, and its class where the code is one of ours."""
    known = catalogue().classes
    for row in rows:
        number, code = row.get("service_request_id"), str(row.get("service_code") or "")
        mine = {"request": f"{host}/{number}" if number else "", "known_class": ""}
        if code in known:
            mine["known_class"] = code
        yield {**row, **mine}
