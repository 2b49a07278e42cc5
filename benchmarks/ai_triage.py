"""How well reports are classified with few labels: one JSON object a line, each with its goal.

Everything is measured on messages that took no part in training: folds of whole groups of
near-duplicates; words, strengths, temperature and thresholds come from the training folds alone.
`peer` is scikit-learn's TfidfVectorizer (characters, 1-2) + LinearSVC on the same folds.
The data are public messages beside the checkout (CITYLOOP_SHARED); without them nothing is said.
`classes`: the profile's own classes and texts, as the demo learns them.
Run: ./run bench ai_triage [--quick: three seeds, no curve]
"""

from __future__ import annotations

import csv
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import django
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from cityloop.ai.triage.words import duty_words, tree_phrases
from cityloop.city.profile import Profile
from cityloop.engines.tables import open_table
from cityloop.engines.triage import cold_start, cross_validate, evaluate, train
from cityloop.engines.triage.features import Vectoriser
from cityloop.engines.triage.folds import duplicate_groups, stratified_folds
from cityloop.kernel.errors import DomainError

REPO = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CITYLOOP_SHARED") or REPO.parent / "shared") / "data/citizen_messages"
FOLDS, SEEDS, FEW, CURVE = 5, tuple(range(10)), (0, 1, 2), (50, 100, 200, 400)


def show(
    name: str, value: float, unit: str, goal: float | None, *, below: bool = False, **more: Any
):
    """One figure; `below`: the goal is an upper bound; without a goal: for the reader."""
    line: dict[str, Any] = {"name": f"ai_triage.{name}", "value": round(value, 4), "unit": unit}
    if goal is not None:
        line |= {"goal": goal, "ok": value <= goal if below else value >= goal}
    line |= {k: round(v, 4) if isinstance(v, float) else v for k, v in more.items()}
    print(json.dumps(line, ensure_ascii=False), flush=True)


class Messages:
    """The labelled messages with what is known of their labels."""

    def __init__(self) -> None:
        with (DATA / "labelled_dev.csv").open(encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        self.titles = [row["subject"] for row in rows]
        self.texts = [row["body"] for row in rows]
        self.labels = [row["label"].strip() for row in rows]
        self.names = sorted(set(self.labels))
        self.tree = tree_phrases(DATA / "taxonomy_517.xlsx", self.names)
        self.duties = duty_words(Profile(REPO / "profiles" / "default"), self.names)
        self.truth = np.array([self.names.index(label) for label in self.labels])
        words = Vectoriser.fit(self.titles, self.texts, min_texts=1)
        self.groups = duplicate_groups(words.rows(self.titles, self.texts))

    def some(self, places: np.ndarray) -> tuple[list[str], list[str], list[str]]:
        columns = (self.titles, self.texts, self.labels)
        return tuple([column[i] for i in places] for column in columns)  # type: ignore[return-value]


def unlabelled(data: Messages) -> list[tuple[str, str]]:
    """Reports without labels; those that stand among the labelled ones are left out."""
    known = {text.strip()[:50] for text in data.texts}
    pairs = []
    for name in ("reports_4326.xlsx", "questions_replies_1408.xlsx"):
        for _, row in open_table(DATA / name).rows():
            pairs.append((str(row["留言主题"] or "").strip(), str(row["留言详情"] or "").strip()))
    return [pair for pair in pairs if pair[1][:50] not in known]


def quality(data: Messages, seeds: Sequence[int]) -> None:
    """The figures of the promise, with all the labels but one fold's."""
    report = cross_validate(
        data.titles, data.texts, data.labels, priors=data.tree, duties=data.duties,
        folds=FOLDS, seeds=seeds,
    )  # fmt: skip
    peer, peer_f1, peer_top2 = linear_svc(data, seeds)
    by_seed = [round(each, 4) for each in report.remarks["accuracy_by_seed"]]
    error = (1 - report.accuracy) / (1 - peer)
    show("accuracy", report.accuracy, "share", 0.90, peer=peer, ratio=report.accuracy / peer,
         errors_of_peer=error, by_seed=by_seed, labels=727)  # fmt: skip
    show("macro_f1", report.macro_f1, "share", 0.89, peer=peer_f1, ratio=report.macro_f1 / peer_f1)
    show("top2", report.top2, "share", 0.97, peer=peer_top2, ratio=report.top2 / peer_top2)
    for wanted, floor in (("0.95", 0.70), ("0.97", 0.55)):
        each = report.coverage[wanted]
        show(f"accepted_at_{wanted}", each.share, "share", floor)
        show(f"right_at_{wanted}", each.realised or 0.0, "share", float(wanted))
    show("calibration_error", report.calibration_error, "share", 0.04, below=True)
    show("pairs.one_right", report.pairs.realised or 0.0, "share", 0.96, named=report.pairs.share)
    show("train", report.remarks["train_s"], "s", 60, below=True)
    for each in report.per_class:
        show(f"class.{each.label}.f1", each.f1, "share", None, texts=each.texts // len(seeds),
             precision=each.precision, recall=each.recall)  # fmt: skip
    for true, given, texts in report.confusions[:6]:
        show(f"taken.{true}.for.{given}", texts / len(seeds), "texts", None)


def linear_svc(data: Messages, seeds: Sequence[int]) -> tuple[float, float, float]:
    """Accuracy, macro-F1 and top-2 of the peer on the same folds."""
    whole = np.array([f"{a}。{b}" for a, b in zip(data.titles, data.texts, strict=True)])
    hits, scores, tops = [], [], []
    for seed in seeds:
        fold = stratified_folds(data.truth, data.groups, FOLDS, seed=seed)
        given, second = np.empty_like(data.truth), np.empty_like(data.truth)
        for index in range(FOLDS):
            mine = fold == index
            words = TfidfVectorizer(
                analyzer="char", ngram_range=(1, 2), sublinear_tf=True, min_df=2
            )
            machine = LinearSVC(C=0.5, class_weight="balanced")
            machine.fit(words.fit_transform(whole[~mine]), data.truth[~mine])
            order = machine.decision_function(words.transform(whole[mine])).argsort(axis=1)
            given[mine], second[mine] = order[:, -1], order[:, -2]
        hits.append(float((given == data.truth).mean()))
        tops.append(float(((given == data.truth) | (second == data.truth)).mean()))
        scores.append(f1_score(data.truth, given, average="macro"))
    return statistics.mean(hits), statistics.mean(scores), statistics.mean(tops)


def more_labels(data: Messages) -> None:
    """Ten folds: nearer to what all the labels teach."""
    report = cross_validate(
        data.titles, data.texts, data.labels, priors=data.tree, duties=data.duties, folds=10
    )
    show("accuracy_ten_folds", report.accuracy, "share", None, labels=818, top2=report.top2)


def day_one(data: Messages) -> None:
    """No label at all: the label tree, the duty list, unlabelled reports."""
    pairs = unlabelled(data)
    ways: dict[str, tuple[dict[str, Any], float | None]] = {
        "tree": ({"priors": data.tree}, None),
        "duty_list": ({"priors": data.duties}, None),
        "tree_and_duty_list": ({"priors": data.tree, "duties": data.duties}, 0.78),
        "with_unlabelled": (
            {"priors": data.tree, "duties": data.duties, "unlabelled": pairs},
            0.78,
        ),
    }
    for name, (given, goal) in ways.items():
        report = evaluate(cold_start(**given), data.titles, data.texts, data.labels)
        taken = report.coverage["model"]
        show(f"day_one.{name}", report.accuracy, "share", goal, macro_f1=report.macro_f1,
             accepted=taken.share, accepted_right=taken.realised or 0.0)  # fmt: skip


def curve(data: Messages) -> None:
    """Held-out accuracy by the number of labels, with and without what is known of the classes."""
    for count in CURVE:
        found: dict[str, list[float]] = {"own": [], "alone": []}
        for seed in FEW:
            fold = stratified_folds(data.truth, data.groups, FOLDS, seed=seed)
            rest = np.random.default_rng(seed).permutation(np.flatnonzero(fold != 0))[:count]
            out = data.some(np.flatnonzero(fold == 0))
            for name, given in (
                ("own", {"priors": data.tree, "duties": data.duties}),
                ("alone", {"priors": {}}),
            ):
                model, _ = train(*data.some(rest), **given)  # type: ignore[arg-type]
                found[name].append(evaluate(model, *out).accuracy)
        alone = statistics.mean(found["alone"])
        show(f"curve.{count}_labels", statistics.mean(found["own"]), "share", None, alone=alone)


def of_classes() -> None:
    """The other model of the registry: the profile's 227 classes from their examples."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    django.setup()
    from cityloop.ai.triage.examples import key_of, profile_phrases

    profile = Profile(REPO / "profiles" / "default")
    rows, phrases = profile.rows("examples.csv"), profile_phrases(profile)
    titles, texts, labels = [""] * len(rows), [r["text"] for r in rows], [key_of(r) for r in rows]
    for every in (8, 4, 2, 1):
        part = [column[::every] for column in (titles, texts, labels)]
        _, report = train(*part, priors=phrases)
        show(f"classes.{len(part[1])}_labels", report.accuracy, "share", None, top2=report.top2,
             calibration_error=report.calibration_error, ridge=report.remarks["ridge"])  # fmt: skip
    report = evaluate(cold_start(phrases), titles, texts, labels)
    show("classes.0_labels", report.accuracy, "share", None, top2=report.top2)


def speed(data: Messages) -> None:
    """Processor time on one core, so that others on the machine do not count."""
    model, _ = train(data.titles, data.texts, data.labels, priors=data.tree, duties=data.duties)
    pairs = unlabelled(data)[:4_000]
    titles, texts = [title for title, _ in pairs], [text for _, text in pairs]
    model.predict(titles, texts)
    rates, single = [], []
    for _ in range(3):
        began = time.process_time()
        model.predict(titles, texts)
        rates.append(len(texts) / (time.process_time() - began))
    for title, text in pairs[:300]:
        began = time.process_time()
        model.predict([title], [text])
        single.append((time.process_time() - began) * 1e3)
    show("batch", statistics.median(rates), "texts/s", 2_000)
    show("single", statistics.median(single), "ms", 2.0, below=True,
         p99=float(np.percentile(single, 99)))  # fmt: skip


def planted_leak(data: Messages) -> None:
    """A copy of a message in another fold must be refused, not measured."""
    titles, texts, labels = data.some(np.append(np.arange(60), 7))
    fold = np.append(np.arange(60) % FOLDS, (7 + 1) % FOLDS)
    try:
        cross_validate(titles, texts, labels, priors={}, fold=fold)
        caught = ""
    except DomainError as error:
        caught = error.code
    show("planted_leak_caught", float(caught == "triage.leak"), "yes", 1.0)


def main(arguments: Sequence[str] = ()) -> None:
    if not (DATA / "labelled_dev.csv").is_file():
        print(f"No messages at {DATA}: set CITYLOOP_SHARED.", file=sys.stderr)
        return
    data = Messages()
    planted_leak(data)
    quick = "--quick" in (arguments or sys.argv)
    quality(data, FEW if quick else SEEDS)
    day_one(data)
    speed(data)
    of_classes()
    if not quick:
        more_labels(data)
        curve(data)


if __name__ == "__main__":
    main()
