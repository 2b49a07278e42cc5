"""Hot issues at the desk: fed from the trace, read by area, decided by people, solved once."""
