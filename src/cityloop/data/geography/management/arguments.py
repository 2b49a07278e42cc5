"""Arguments that commands about geography share."""

from __future__ import annotations

import argparse


def lonlat(text: str) -> tuple[float, float]:
    """LON,LAT of a command line. Raises: ArgumentTypeError."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError("LON,LAT, e.g. 120.15,30.28") from None
    return lon, lat
