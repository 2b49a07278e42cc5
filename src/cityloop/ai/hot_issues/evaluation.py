"""Figures of grouping and of duplicates on a file of reports."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from cityloop.ai.hot_issues.references import read_references, reports_of
from cityloop.engines.duplicates import Candidate, SameText, advise
from cityloop.engines.hot_issues import FIXED, Stream, common_words, find_issues, heat_of
from cityloop.engines.hot_issues.evaluate import match, mean_f1
from cityloop.engines.hot_issues.files import FileOfReports
from cityloop.engines.hot_issues.values import INTS

DATA = "CSV, XLSX or JSON lines of reports, gzipped or not"
REFERENCES = "JSON {name: [ids]}, or a table with the columns issue and id"
COLUMNS = "id, sender, title, at, text"
LEAST, LOOKED_AT, PLANT_EVERY, EDITED = 3, 5, 10, 0.05


def evaluate_hot(
    path: str, *, references: str = "", columns: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """All issues of a file, hottest first, and how they fit references where given."""
    file = reports_of(path, columns)
    began = time.process_time()
    labels = find_issues(file.reports)
    seconds = time.process_time() - began
    issues = [_issue(file, labels, label) for label in range(int(labels.max(initial=-1)) + 1)]
    issues = sorted((i for i in issues if i["reports"] >= LEAST), key=lambda i: -i["heat"])
    figures = {
        "reports": len(file.ids),
        "rows_left_out": len(file.refused),
        "ids_twice": len(file.ids) - len(set(file.ids)),
        "cpu_seconds": round(seconds, 2),
        "setting": asdict(FIXED),
        "issues_of_three_or_more": len(issues),
        "largest": max((i["reports"] for i in issues), default=0),
        "share_in_issues": round(sum(i["reports"] for i in issues) / max(len(file.ids), 1), 3),
        "issues": issues,
    }
    return figures | (_against(file, labels, references) if references else {})


def _issue(file: FileOfReports, labels: INTS, label: int) -> dict[str, Any]:
    rows = np.flatnonzero(labels == label)
    days = file.reports.days[rows]
    today = float(days.max())  # as hot as it was on the day of its last report
    heat = heat_of(days.tolist(), [file.senders[r] for r in rows], [True] * len(rows), today=today)
    texts = [f"{file.reports.titles[r]}。{file.reports.bodies[r][:200]}" for r in rows[-60:]]
    return {
        "reports": heat.reports,
        "persons": heat.persons,
        "heat": heat.value,
        "peak_in_14_days": heat.peak,
        "days": round(float(days.max() - days.min()), 1),
        "words": common_words(texts) if len(rows) >= LEAST else [],
        "ids": [file.ids[r] for r in rows],
    }


def _against(file: FileOfReports, labels: INTS, path: str) -> dict[str, Any]:
    wanted = read_references(path, file)
    return {
        "mean_f1": round(mean_f1(labels, wanted), 4),
        "references": {
            name: {k: round(v, 3) for k, v in asdict(match(labels, rows)).items()}
            for name, rows in wanted.items()
        },
    }


def evaluate_duplicates(
    path: str, *, references: str = "", columns: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Each report in the order it came, against those before it; and planted repeats.

    A planted repeat is a report with a greeting before it and one character in twenty changed.
    """
    file = reports_of(path, columns)
    bodies = [b or t for t, b in zip(file.reports.titles, file.reports.bodies, strict=True)]
    began = time.process_time()
    stream, kept = Stream(), SameText()
    stream.learn(list(file.reports.titles), list(file.reports.bodies))
    verdicts: Counter[str] = Counter()
    advised: list[tuple[int, int, str]] = []
    repeats = 0
    for start in range(0, len(file.ids), 100):
        part = file.reports.slice(start, start + 100)
        stream.add(part)
        same = kept.add(bodies[start : start + 100])
        repeats += sum(bool(s) for s in same)
        near: dict[int, dict[int, float]] = {i: {} for i in range(len(part))}
        new = stream.newest
        for left, right, value in zip(
            new.left.tolist(), new.right.tolist(), new.similarity.tolist(), strict=True
        ):
            near[left - start][right] = value
        for i in range(len(part)):
            best = _best(file, start + i, near[i], dict(same[i]))
            verdicts[best[1] if best else "separate"] += 1
            if best:
                advised.append((start + i, best[0], best[1]))
    seconds = time.process_time() - began
    found = _planted(kept, bodies)
    figures = {
        "reports": len(file.ids),
        "rows_left_out": len(file.refused),
        "ids_twice": len(file.ids) - len(set(file.ids)),
        "cpu_ms_a_report": round(1e3 * seconds / max(len(file.ids), 1), 3),
        "same_text_again": repeats,
        "verdicts": dict(verdicts),
        "planted_repeats": found,
    }
    return figures | (_advice_against(file, advised, references) if references else {})


def _best(
    file: FileOfReports, row: int, near: dict[int, float], same: dict[int, float]
) -> tuple[int, str] | None:
    """The surest earlier report and its verdict; None when all are separate."""
    order = sorted(near, key=lambda other: -near[other])[:LOOKED_AT]
    found = []
    for other in {*order, *list(same)[:LOOKED_AT]}:
        hours = 24.0 * abs(float(file.reports.days[row] - file.reports.days[other]))
        one = Candidate("", "", near.get(other, 0.0), same.get(other, 0.0), None, hours, None)
        said = advise(one)
        if said.verdict != "separate":
            found.append((said.verdict == "attach", said.score, other, said.verdict))
    if not found:
        return None
    best = max(found)
    return best[2], best[3]


def _planted(kept: SameText, bodies: list[str]) -> dict[str, float]:
    chance = np.random.default_rng(7)
    asked = [n for n in range(0, len(bodies), PLANT_EVERY) if len(bodies[n]) >= 40]
    changed = []
    for n in asked:
        letters = list(bodies[n][:600])
        for place in chance.choice(len(letters), int(EDITED * len(letters)), replace=False):
            letters[place] = chr(0x4E00 + int(chance.integers(0, 2_000)))
        changed.append("领导您好：" + "".join(letters))
    answers = kept.add(changed)
    hit = [
        bool(a) and (n in {o for o, _ in a} or bodies[a[0][0]] == bodies[n])
        for n, a in zip(asked, answers, strict=True)
    ]
    return {"planted": len(asked), "found": round(float(np.mean(hit)), 4) if hit else 0.0}


def _advice_against(
    file: FileOfReports, advised: list[tuple[int, int, str]], path: str
) -> dict[str, Any]:
    """Of pairs whose new report is in a reference: how many earlier ones are of the same."""
    wanted = read_references(path, file)
    issue = {row: name for name, rows in wanted.items() for row in rows}
    told = Counter((v, issue[a] == issue.get(b)) for a, b, v in advised if a in issue)
    shares = {}
    for verdict in ("attach", "suggest"):
        right, all_of = told[verdict, True], told[verdict, True] + told[verdict, False]
        shares[verdict] = {"advised": all_of, "right": round(right / all_of, 3) if all_of else None}
    later = sum(len(rows) - 1 for rows in wanted.values())
    hit = told["attach", True] + told["suggest", True]
    return {"against_references": shares | {"of_later_members_found": round(hit / later, 3)}}
