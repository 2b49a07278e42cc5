"""OGC API - Features: areas, elements and open cases for QGIS and other programs."""
