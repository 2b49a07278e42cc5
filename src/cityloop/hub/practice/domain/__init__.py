"""Exercises as values: what is told, what may be answered, how an answer is judged."""

from cityloop.hub.practice.domain.items import Answer, Item, Told, Verdict
from cityloop.hub.practice.domain.judging import judge
from cityloop.hub.practice.domain.making import SETS, make_items
from cityloop.hub.practice.domain.offering import CALL_BACK, missing, offered
from cityloop.hub.practice.domain.stock import MatterOf, Stock, Story

__all__ = [
    "CALL_BACK",
    "SETS",
    "Answer",
    "Item",
    "MatterOf",
    "Stock",
    "Story",
    "Told",
    "Verdict",
    "judge",
    "make_items",
    "missing",
    "offered",
]
