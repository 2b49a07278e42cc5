"""Photos from strangers: checked by content, decoded in a locked-up process, written anew."""

from cityloop.engines.pictures.intake import MAX_BYTES, MAX_PIXELS, Picture, take_in

__all__ = ["MAX_BYTES", "MAX_PIXELS", "Picture", "take_in"]
