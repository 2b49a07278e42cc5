"""Addresses and names of places: taken apart, found by sound and in spite of mistakes, weighed."""

from cityloop.engines.addresses.certainty import SURE_ENOUGH, Evidence, confidence
from cityloop.engines.addresses.known import KnownNames, apart, name_hash
from cityloop.engines.addresses.likeness import Asked, Name, asked_name, has_mistakes, likeness
from cityloop.engines.addresses.parts import (
    BUILDING,
    HOUSE,
    Number,
    Parts,
    house_number,
    parse,
    stem_of,
)
from cityloop.engines.addresses.plain import is_hanzi, plain
from cityloop.engines.addresses.relations import (
    REACH_M,
    Relation,
    relation_after,
    relations_before,
)
from cityloop.engines.addresses.sounds import sound_of
from cityloop.engines.addresses.terms import asked_terms, name_terms

__all__ = [
    "BUILDING",
    "HOUSE",
    "REACH_M",
    "SURE_ENOUGH",
    "Asked",
    "Evidence",
    "KnownNames",
    "Name",
    "Number",
    "Parts",
    "Relation",
    "apart",
    "asked_name",
    "asked_terms",
    "confidence",
    "has_mistakes",
    "house_number",
    "is_hanzi",
    "likeness",
    "name_hash",
    "name_terms",
    "parse",
    "plain",
    "relation_after",
    "relations_before",
    "sound_of",
    "stem_of",
]
