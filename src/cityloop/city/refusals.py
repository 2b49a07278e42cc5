"""How a refusal looks over REST; one shape for every app."""

from __future__ import annotations

from typing import Any

from ninja import Schema


class Problem(Schema):
    """Why something was refused."""

    code: str
    message: str
    where: str | None = None
    details: dict[str, Any] | None = None


class RowProblem(Schema):
    """A row that was not taken; row as a spreadsheet shows it."""

    row: int
    column: str
    value: str
    code: str
    message: str
