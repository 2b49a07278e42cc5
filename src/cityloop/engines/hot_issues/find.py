"""All issues of a set of reports at once: the nightly pass, and the evaluation of a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cityloop.engines.hot_issues.grams import grams_of
from cityloop.engines.hot_issues.linkage import groups
from cityloop.engines.hot_issues.matter import learn
from cityloop.engines.hot_issues.pairs import Index
from cityloop.engines.hot_issues.values import FIXED, INTS, Reports, Settings

LEARN_FROM = 20_000
"""Words go together in a part as in the whole; more would only cost."""


def find_issues(
    reports: Reports,
    settings: Settings = FIXED,
    *,
    together: Iterable[Sequence[int]] = (),
    apart: Iterable[tuple[int, int]] = (),
) -> INTS:
    """Group of each report, shape (n,), -1 for those alone; deterministic.

    Args:
        reports: in order of time. together, apart: what people decided (see `groups`).
    """
    last = max(0, len(reports) - LEARN_FROM)
    grams = grams_of(
        reports.titles[last:], reports.bodies[last:], body_characters=settings.body_characters
    )
    index = Index(settings, learn(grams, settings.axes))
    pairs = index.add(reports)
    return groups(pairs, len(reports), least=settings.same_issue, together=together, apart=apart)
