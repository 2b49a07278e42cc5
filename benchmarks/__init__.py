"""Figures that the README quotes: `./run bench NAME` prints one JSON object a line."""
