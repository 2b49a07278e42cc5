"""Plain pages over the REST API: no build step, nothing inline, nothing from elsewhere."""
