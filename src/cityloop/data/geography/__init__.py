"""Real geography in: files of maps, registers and networks become areas and elements."""
