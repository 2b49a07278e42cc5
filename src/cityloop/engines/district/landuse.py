"""What every block is used for: shops at the main crossing, courtyards at the rim."""

from __future__ import annotations

import numpy as np

from cityloop.engines.district.dice import Dice
from cityloop.engines.district.plan import Plan
from cityloop.engines.district.uses import Use

# share of the open blocks, and where they lie: +1 near the centre, -1 at the rim, 0 anywhere
_SHARES = (
    (Use.COMMERCE, 0.05, 1.0),
    (Use.OFFICE, 0.04, 0.8),
    (Use.SCHOOL, 0.06, 0.0),
    (Use.MARKET, 0.03, 0.0),
    (Use.HOSPITAL, 0.007, 0.3),
    (Use.INDUSTRY, 0.03, -1.0),
    (Use.PARK, 0.03, 0.0),
    (Use.COURTYARD, 0.07, -0.5),
    (Use.TOWER, 0.20, 0.3),
    (Use.MIDRISE, 0.25, 0.0),
)


def assign_uses(plan: Plan, dice: Dice) -> None:
    """Give each open block of the plan a use; slabs take what is left."""
    rects = np.array(plan.blocks, float)
    u, v = (rects[:, 0] + rects[:, 2]) / 2, (rects[:, 1] + rects[:, 3]) / 2
    half = max(plan.width, plan.height) / 2
    rim = np.hypot(u - 0.45 * plan.width, v - 0.45 * plan.height) / half
    area = (rects[:, 2] - rects[:, 0]) * (rects[:, 3] - rects[:, 1]) / 100
    open_blocks = [k for k, use in enumerate(plan.uses) if use is Use.SLAB]
    total = len(open_blocks)
    for use, share, pull in _SHARES:
        wanted = max(round(total * share), 1 if use in (Use.SCHOOL, Use.MIDRISE, Use.PARK) else 0)
        score = pull * rim[open_blocks] + dice.numbers(len(open_blocks), 0.0, 0.7)
        if use is Use.MARKET:  # markets take small blocks
            score = score + area[open_blocks] / 50_000
        chosen = np.argsort(score, kind="stable")[:wanted]
        for k in sorted((open_blocks[n] for n in chosen), reverse=True):
            plan.uses[k] = use
            open_blocks.remove(k)
