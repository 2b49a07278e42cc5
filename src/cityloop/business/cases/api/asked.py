"""What a list can be asked for, as it stands in the address. The same for list, count, export."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Field, Schema

from cityloop.business.cases.api.moments import Moment

ID = Field(None, ge=0, le=2**62)


class CaseFilters(Schema):
    """Each narrows the list; an empty one does nothing."""

    state: str = Field("", max_length=200, description="one or several, comma separated")
    alert: Literal["", "near", "late"] = ""
    class_key: str = Field("", max_length=8)
    department: int | None = ID
    area: int | None = ID
    channel: str = Field("", max_length=24)
    owner_role: str = Field("", max_length=32)
    owner_user: int | None = ID
    urgency: str = Field("", max_length=9)
    number: str = Field("", max_length=32)
    text: str = Field("", max_length=200, description="words, or a case number")
    mine: bool | None = Field(None, description="the next move is the asker's")
    urged: bool | None = None
    returned: bool | None = None
    open: bool | None = None
    working: bool | None = Field(None, description="open, and not waiting for the reporter alone")
    late: bool | None = Field(None, description="was overdue at any time")
    rated: bool | None = None
    on_time: bool | None = None
    auto: bool | None = None
    misrouted: bool | None = None
    reworked: bool | None = None
    responded: bool | None = None
    solved: bool | None = None
    satisfied: bool | None = None
    since: Moment | None = None
    before: Moment | None = None
    filed_since: Moment | None = None
    dispatched_since: Moment | None = None
    responded_since: Moment | None = None
    handled_since: Moment | None = None
    closed_since: Moment | None = None
    filed_before: Moment | None = None
    dispatched_before: Moment | None = None
    responded_before: Moment | None = None
    handled_before: Moment | None = None
    closed_before: Moment | None = None

    def given(self) -> dict[str, Any]:
        """What is asked for, as `case_page` takes it."""
        asked = {name: value for name, value in self if value not in (None, "")}
        if self.state:
            asked["state"] = [x for x in self.state.split(",") if x]
        return asked
