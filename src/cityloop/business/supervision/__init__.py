"""督办 Supervision at three levels: what is late below, who was urged, who answered until when."""
