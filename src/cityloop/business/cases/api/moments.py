"""Times and row ids as the API takes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from django.conf import settings
from ninja import Path, Query
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

FIRST_YEAR, LAST_YEAR = 1900, 2199


def aware(at: datetime) -> datetime:
    """In UTC; a time without an offset is of the city's zone.

    Raises: PydanticCustomError("moment_range") outside 1900 to 2199, where zones and databases
        no longer agree.
    """
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise PydanticCustomError("moment_range", "a time lies between 1900 and 2199")
    if at.utcoffset() is None:
        at = at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    return at.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(aware)]
MaybeMoment = Annotated[Moment | None, Query()]
MaybeId = Annotated[int | None, Query(ge=0, le=2**62)]
After = Annotated[int, Query(ge=0, le=2**62)]
PathId = Annotated[int, Path(ge=0, le=2**62)]
