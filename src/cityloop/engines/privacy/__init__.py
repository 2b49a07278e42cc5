"""Personal data in free text: found, named, masked. docs/algorithms/privacy.md."""

from cityloop.engines.privacy.finding import Find, find
from cityloop.engines.privacy.kinds import Kind, Mode
from cityloop.engines.privacy.masking import Masked, mask

__all__ = ["Find", "Kind", "Masked", "Mode", "find", "mask"]
