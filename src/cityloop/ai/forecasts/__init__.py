"""Reports of the next days, by class and area: forecasts, warnings, and how right they were."""
