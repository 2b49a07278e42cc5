"""What counts as a function, and what may be shown of the counts."""

from cityloop.hub.usage.domain.figures import Shown, shown_people, shown_posts
from cityloop.hub.usage.domain.functions import FUNCTIONS, Function, function_of, post_of

__all__ = [
    "FUNCTIONS",
    "Function",
    "Shown",
    "function_of",
    "post_of",
    "shown_people",
    "shown_posts",
]
