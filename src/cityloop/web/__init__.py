"""The door: URLs, the API put together, live streams. Assembly only, no rules."""
