"""The synthetic district's people, what they say and how they behave: values only."""
