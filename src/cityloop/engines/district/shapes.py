"""The two shapes of the plan, in whole decimetres."""

Rect = tuple[int, int, int, int]  # west, south, east, north
Line = tuple[int, int]  # (0, u) runs north-south, (1, v) runs east-west
