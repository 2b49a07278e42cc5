"""Figures: counted from the trace as it grows, each of them drilling back to its cases."""
