"""Python's collector of cyclic garbage, in processes that answer people.

A full collection walks over every object the process has, and all threads wait for it: with two
hundred thousand of them, nearly all modules, classes and snapshots that stay for good, a tenth
of a second and more. What survives the first collections is therefore set aside (`gc.freeze`)
and not walked over again. It is still freed when nothing refers to it; only cycles among it are
not, and after the first collections nothing more is set aside.
"""

from __future__ import annotations

import gc

FIRST = 12  # full collections: modules, then the snapshots that the first requests load


class SettingAside:
    """Counts full collections; after each of the first ones sets aside what survived it."""

    def __init__(self) -> None:
        self.left = 0

    def begin(self) -> None:
        """Set aside what there is now. A second time in a process it does nothing."""
        if self.left or self in gc.callbacks:
            return
        gc.collect()
        gc.freeze()
        self.left = FIRST
        gc.callbacks.append(self)

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        if phase != "stop" or info["generation"] != 2:
            return
        gc.freeze()
        self.left -= 1
        if self.left <= 0:
            gc.callbacks.remove(self)


_setting_aside = SettingAside()


def set_aside_what_stays() -> None:
    """Call it once a process, when its modules are loaded."""
    _setting_aside.begin()
