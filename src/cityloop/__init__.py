"""CityLoop (城环): the open city-operations platform."""

__version__ = "0.1.0"
