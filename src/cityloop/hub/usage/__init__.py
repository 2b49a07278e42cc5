"""Which functions are used, by how many people of which post; and what waits for an answer."""
