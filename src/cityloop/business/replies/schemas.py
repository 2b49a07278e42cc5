"""Shapes of the replies' API."""

from __future__ import annotations

from typing import Literal

from ninja import Field, Schema


class ReplyIn(Schema):
    text: str = Field(max_length=10_000)
    number: str = Field("", max_length=32, description="案卷编号 of the case it answers")
    stage: Literal["progress", "final"] = "final"


class ReplyFinding(Schema):
    code: str
    zh: str
    en: str
    start: int | None = Field(description="characters of the text; null = it is not there")
    end: int | None


class ReplyPiece(Schema):
    text: str
    source: str = Field(description="number of the case it comes from; empty = the frame")


class ReplySource(Schema):
    number: str
    title: str
    likeness: float


class ReplyDraft(Schema):
    text: str = Field(description="empty where no closed case is like enough")
    pieces: list[ReplyPiece]
    sources: list[ReplySource]
    looked_at: int = Field(description="closed cases that were compared")
