"""A call at the hotline or a visit at the counter: one conversation, one matter or several."""
