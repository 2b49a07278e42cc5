"""The overview of the operations centre: what a director needs, from figures alone."""
