"""Parameters in, documents out: values only."""
