"""Where cases were, lent to sharing out cells among grid workers."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from cityloop.business.cases.models import Case
from cityloop.city.division.weights import lend_case_points


@lend_case_points
def case_points(community_id: int, since: datetime, until: datetime) -> NDArray[np.float64]:
    """Positions (lon, lat) of cases of a community received in [since, until)."""
    rows = Case.objects.filter(
        community_id=community_id, received_at__gte=since, received_at__lt=until,
        lon__isnull=False, lat__isnull=False,
    )  # fmt: skip
    return np.array(list(rows.values_list("lon", "lat")), np.float64).reshape(-1, 2)
