"""How often somebody unknown may knock at the same door."""
