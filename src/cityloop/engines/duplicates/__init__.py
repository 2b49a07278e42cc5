"""The same text again, and the same matter in other words: what the desk should look at."""

from cityloop.engines.duplicates.decide import Advice, Candidate, advise
from cityloop.engines.duplicates.minhash import SameText, signatures

__all__ = ["Advice", "Candidate", "SameText", "advise", "signatures"]
