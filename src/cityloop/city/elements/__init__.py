"""Registers of what a city has: places, components, organisations, matters, households."""
