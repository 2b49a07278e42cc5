"""巡查: plans, patrols with consent, coverage, and what a grid worker's device hands in."""
