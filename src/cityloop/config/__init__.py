"""Settings, entrances and the command line."""
