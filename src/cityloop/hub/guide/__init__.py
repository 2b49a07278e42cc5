"""Help in place: the guide of each post, and which tours somebody has seen."""
