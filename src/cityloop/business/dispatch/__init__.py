"""Who handles a case: hard rules, duty table, model, the area's own office, a person."""
