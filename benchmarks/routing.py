"""Routing 1,000 cases, and training the profile's class model; in a database of its own."""

from __future__ import annotations

import json
import os
import random
import statistics
import tempfile
import time


def main() -> None:
    """Print two JSON lines: ms per 1,000 cases; seconds and figures of the model."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CITYLOOP_DATA"] = folder
        os.environ.pop("DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "cityloop.config.settings"
        import django

        django.setup()
        _prepare()
        print(json.dumps(_training()))
        print(json.dumps(_routing()))


def _prepare() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_profile", verbosity=0)
    call_command("load_rules", verbosity=0)


def _training() -> dict[str, object]:
    from django.utils import timezone

    from cityloop.ai.triage.commands import train_from_profile
    from cityloop.city.accounts.domain import SYSTEM

    taken = []
    for _ in range(2):
        started = time.perf_counter()
        done = train_from_profile(actor=SYSTEM, now=timezone.now())
        taken.append(time.perf_counter() - started)
    report = done.version.report
    return {
        "name": "triage_profile_model",
        "seconds_first": round(taken[0], 2),
        "seconds_again": round(taken[1], 2),
        **{k: round(report[k], 4) for k in ("texts", "classes", "accuracy", "top2", "macro_f1")},
        "calibration_error": round(report["calibration_error"], 4),
        "coverage": report["coverage"],
    }


def _routing(count: int = 1000, runs: int = 9) -> dict[str, object]:
    from django.utils import timezone

    from cityloop.business.catalogue.queries import catalogue
    from cityloop.business.dispatch.queries import CaseFacts, route
    from cityloop.city.places.domain import AreaPath

    draw, now = random.Random(1), timezone.now()
    classes = list(catalogue().classes.values())
    facts = []
    for _ in range(count):
        cls = draw.choice(classes)
        condition = cls.conditions[0].id if cls.conditions else None
        text = "夜里很吵，井盖丢失，路面积水" + "路" * 80
        facts.append(
            CaseFacts(cls.key, condition, AreaPath(), "hotline", now, cls.urgency, "反映", text)
        )
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        found = route(facts, now=now)
        taken.append((time.perf_counter() - started) * 1e3)
    by = {name: sum(d.by == name for d in found) for name in ("rule", "duty", "model", "area", "")}
    return {
        "name": "route_1000",
        "ms_median": round(statistics.median(taken), 1),
        "ms_best": round(min(taken), 1),
        "by": by,
    }


if __name__ == "__main__":
    main()
