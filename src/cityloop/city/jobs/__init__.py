"""Work that must happen later: the lease table, and the loop that runs it."""
