"""The kernel: errors, geometry of coordinates, garbage collection. No Django, numpy at most."""
