"""The trace (留痕) and its ledger: who, when, what, why, and the proof of it."""
