"""Reading plans, patrols, coverage and a worker's day."""
