"""The city that is killed: made before, examined afterwards, each in a process of its own.

python -m tests.reliability.city seed HOOK_URL     -> JSON: tokens
python -m tests.reliability.city wait              -> returns when nothing is left to do
python -m tests.reliability.city examine LOG.json  -> JSON: what was found
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

OLD_CASES = 120
SETTLE_S = 75.0


def seed(hook: str) -> dict[str, Any]:
    """Tables, areas, people, tokens, a webhook, and cases of yesterday whose clocks are all due."""
    from django.core.management import call_command

    from cityloop.business.cases import commands
    from cityloop.business.notify.commands import create_webhook
    from cityloop.city.accounts.commands import new_token
    from cityloop.city.accounts.domain import PUBLIC, SYSTEM
    from tests.business.cases.stories import report
    from tests.world import build

    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    world = build(now)
    yesterday = now - timedelta(hours=30)
    old = [
        report(n % 4, external_id=f"old-{n}", class_key="", title="嗯", text="嗯嗯")
        for n in range(OLD_CASES)
    ]
    commands.receive_many(old, actor=PUBLIC, now=yesterday)
    create_webhook("外部系统", hook, ["case.comment"], actor=SYSTEM, now=now)
    scopes = ["reports:write", "reports:read", "cases:read", "cases:move"]
    made = {
        who: new_token(who, world.users[who].pk, scopes, actor=SYSTEM, now=now).secret
        for who in ("dispatcher", "handler")
    }
    return {"tokens": made}


def wait() -> dict[str, Any]:
    """Until the worker has caught up: log, followers, timers and jobs.

    Leases of killed workers are set back, which is what waiting a minute would do.
    """
    from cityloop.city.jobs.models import Job

    started, left = time.monotonic(), ["not looked yet"]
    Job.objects.filter(state="waiting", lease_until__isnull=False).update(lease_until=None)
    while left and time.monotonic() - started < SETTLE_S:
        Job.objects.filter(state="waiting", run_at__gt=datetime.now(UTC)).update(
            run_at=datetime.now(UTC)
        )
        time.sleep(0.3)
        left = _left()
    return {"left": left, "seconds": round(time.monotonic() - started, 1)}


def _left() -> list[str]:
    from cityloop.business.cases.models import Case, Task
    from cityloop.city.audit.followers import FOLLOWERS, head_size
    from cityloop.city.audit.models import Cursor, Event
    from cityloop.city.jobs.models import Job
    from cityloop.city.jobs.registry import load

    load()
    now = datetime.now(UTC)
    at = dict(Cursor.objects.values_list("name", "position"))
    counts = {
        "unplaced events": Event.objects.filter(position__isnull=True).count(),
        "due cases": Case.objects.filter(timer_at__lte=now, ended_at=None).count(),
        "due tasks": Task.objects.filter(timer_at__lte=now).count(),
        "jobs": Job.objects.filter(state="waiting").count(),
    }
    counts |= {f"follower {n}": head_size() - at.get(n, 0) for n in FOLLOWERS}
    return [f"{name}: {n}" for name, n in counts.items() if n]


def examine(log: dict[str, Any]) -> dict[str, Any]:
    """What the database says, beside what the clients were told."""
    from cityloop.business.cases.models import Report
    from tests.business.appraisal import recount
    from tests.business.cases.histories import broken_histories

    rows = Report.objects.filter(channel="storm").values_list("external_id", "case__number")
    there = Counter(e for e, _ in rows)
    numbers = dict(rows)
    acked: dict[str, str] = log["acked"]
    return {
        "lost": sorted(e for e in acked if there[e] == 0),
        "doubled": sorted(e for e, n in there.items() if n > 1),
        "other_number": sorted(e for e, number in acked.items() if numbers.get(e) != number),
        "never_sent": sorted(set(there) - set(log["sent"])),
        "unacknowledged_but_there": len(set(there) - set(acked)),
        "present": len(there),
        "received_twice": _received_twice(),
        "moves": _moves(log["comments"]),
        "histories": broken_histories()[:20],
        "clocks": _clocks(),
        "old_rings": _old_rings(),
        "figures": recount.differences()[:20] + recount.milestones(),
        "jobs": _jobs(),
        "comments": _comments(),
    }


def _received_twice() -> list[int]:
    from cityloop.city.audit.models import Event

    kinds = Event.objects.filter(kind="case.receive").values_list("subject_id", flat=True)
    return [pk for pk, n in Counter(kinds).items() if n != 1]


def _comments() -> dict[str, int]:
    """Place in the log of each comment, by its text."""
    from cityloop.city.audit.models import Event

    rows = Event.objects.filter(kind="case.comment").values_list("private", "position")
    return {json.loads(private)["text"]: place for private, place in rows}


def _moves(told: dict[str, bool]) -> dict[str, list[str]]:
    from cityloop.city.audit.models import Event

    texts = Event.objects.filter(kind="case.comment").values_list("private", flat=True)
    there = Counter(json.loads(text)["text"] for text in texts)
    return {
        "lost": [text for text, acked in told.items() if acked and not there[text]],
        "doubled": [text for text, n in there.items() if n > 1],
        "never_sent": [text for text in there if text not in told],
    }


def _clocks() -> list[str]:
    from cityloop.business.cases.models import Case, Task

    late = datetime.now(UTC) - timedelta(seconds=20)
    open_cases = Case.objects.filter(ended_at=None)
    found = {
        "open cases without a timer": open_cases.filter(timer_at=None).count(),
        "open cases without an owner": open_cases.filter(owner_role="").count(),
        "timers overdue": open_cases.filter(timer_at__lt=late).count(),
        "timers of tasks overdue": Task.objects.filter(timer_at__lt=late).count(),
    }
    return [f"{name}: {n}" for name, n in found.items() if n]


def _old_rings() -> dict[str, int]:
    """How often each story of rings was told to the cases that were due all along."""
    from cityloop.business.cases.models import Report
    from cityloop.city.audit.models import Event

    cases = list(
        Report.objects.filter(external_id__startswith="old-").values_list("case", flat=True)
    )
    told: dict[int, list[str]] = {pk: [] for pk in cases}
    for pk, kind in (
        Event.objects.filter(subject_id__in=cases, subject_type="case")
        .order_by("id")
        .values_list("subject_id", "kind")
    ):
        told[pk].append(kind.removeprefix("case."))
    return dict(Counter(" ".join(kinds) for kinds in told.values()))


def _jobs() -> dict[str, int]:
    from cityloop.business.notify.models import Delivery
    from cityloop.city.jobs.models import Job

    found = Counter(f"job {s}" for s in Job.objects.values_list("state", flat=True))
    found.update(f"delivery {s}" for s in Delivery.objects.values_list("state", flat=True))
    return dict(found)


def main(argv: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    import django

    django.setup()
    if argv[0] == "seed":
        found = seed(argv[1])
    elif argv[0] == "wait":
        found = wait()
    else:
        found = examine(json.loads(Path(argv[1]).read_text(encoding="utf-8")))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
