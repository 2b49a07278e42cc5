"""Open311 GeoReport v2 as values: what is asked, how it is written. Pure."""
