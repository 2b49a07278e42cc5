"""The kernel: errors, ids, clock, geometry of coordinates. No Django, numpy at most."""
