"""Training with what the active catalogue says of its classes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cityloop.ai.triage.commands import Trained, train
from cityloop.ai.triage.examples import (
    Examples,
    corrections_so_far,
    file_examples,
    key_of,
    plain_texts,
    profile_examples,
)
from cityloop.ai.triage.words import tree_labels, tree_phrases
from cityloop.business.catalogue.queries import Catalogue, catalogue
from cityloop.city.accounts.domain import Viewer
from cityloop.city.accounts.queries import departments_by_key
from cityloop.city.profile import Profile, load_profile
from cityloop.kernel.errors import DomainError

CLASS, DEPARTMENT = "class", "department"


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A file of labelled texts and where in it they stand."""

    path: Path
    text_column: str
    label_column: str
    title_column: str = ""
    tree: Path | None = None
    """Label tree, a path a row: what is known of its labels besides the texts."""


def kind_of_labels(files: Sequence[LabelledFile], labels: Mapping[str, str]) -> str:
    """ "class" when at least half of the labels are keys or names of classes, or without files;
    "department" otherwise, and where no catalogue is active yet."""
    known = _catalogue(CLASS if not files else DEPARTMENT)
    if known is None:
        return DEPARTMENT
    names = set(known.classes) | {c.name_zh for c in known.classes.values()}
    said = [
        labels.get(label, label)
        for file in files
        for label in file_examples(
            file.path, text_column=file.text_column, label_column=file.label_column
        ).labels
    ]
    hits = sum(label in names for label in said)
    return CLASS if 2 * hits >= len(said) else DEPARTMENT


def train_on_catalogue(
    files: Sequence[LabelledFile] = (),
    *,
    kind: str = CLASS,
    with_profile: bool = False,
    labels: Mapping[str, str] | None = None,
    accuracy: float | None = None,
    unlabelled: Sequence[Path] = (),
    force: bool = False,
    actor: Viewer,
    now: datetime,
) -> Trained:
    """Train on files and corrections (without files: the profile's examples and corrections).

    Args:
        kind: what labels are: "class" (keys or Chinese names of classes of the active
            catalogue; rows with others are refused) or "department" (any name).
        labels: what a label of the files means, e.g. {"城乡建设": "housing"}.
        with_profile: the profile's examples besides the files.
        unlabelled: files of reports without labels; they teach which words are common.
        accuracy: what accepted answers should reach; the profile's [triage] accuracy by default.
    Raises: NotAllowed, DomainError as `ai.triage.commands.train`.
    """
    known, profile = _catalogue(kind), load_profile()
    phrases = class_phrases(known) if kind == CLASS and known else {}
    means = dict(labels or {})
    if kind == CLASS and known:
        means = {c.name_zh: c.key for c in known.classes.values()} | means
    given = Examples()
    for file in files:
        given.extend(_read(file, kind, means, phrases))
    if kind == CLASS and known:
        if not files or with_profile:
            given.extend(examples_of_catalogue(profile, known))
        given.extend(corrections_so_far(known=set(phrases)))
    else:
        phrases = department_phrases(set(given.labels))
    return train(
        given,
        phrases=phrases,
        name=" ".join(f.path.name for f in files)[:120] or f"profile {profile.folder.name}",
        kind=kind,
        accuracy=accuracy,
        unlabelled=[pair for path in unlabelled for pair in plain_texts(path)],
        catalogue_version=known.number if known else None,
        force=force,
        actor=actor,
        now=now,
    )


def start_without_labels(
    tree: Path,
    *,
    only: Collection[str] = (),
    labels: Mapping[str, str] | None = None,
    unlabelled: Sequence[Path] = (),
    force: bool = False,
    actor: Viewer,
    now: datetime,
) -> Trained:
    """A department model of the first day: a label tree and the duty list, no labelled text.

    Args:
        only: labels of the tree that there are; all of its first level when empty.
        labels: what a label of the tree means, e.g. {"城乡建设": "housing"}.
    Raises: NotAllowed, DomainError as `ai.triage.commands.train`.
    """
    given = Examples()
    means = dict(labels or {})
    said = tree_phrases(tree, only or tree_labels(tree))
    given.phrases = {means.get(label, label): phrases for label, phrases in said.items()}
    return train(
        given,
        phrases=department_phrases(set(given.phrases)),
        name=f"without labels: {tree.name}"[:120],
        kind=DEPARTMENT,
        unlabelled=[pair for path in unlabelled for pair in plain_texts(path)],
        force=force,
        actor=actor,
        now=now,
    )


def _catalogue(kind: str) -> Catalogue | None:
    """The active catalogue; departments can be learned before there is one.

    Raises: DomainError as `catalogue`, for classes.
    """
    try:
        return catalogue()
    except DomainError:
        if kind == CLASS:
            raise
        return None


def class_phrases(known: Catalogue) -> dict[str, list[str]]:
    """What the catalogue says of each class: names, other names, filing conditions."""
    said = {}
    for cls in known.classes.values():
        texts = [cls.name_zh, cls.name_en, *cls.aliases]
        for condition in cls.conditions:
            texts += [condition.file_zh, condition.file_en]
        said[cls.key] = [text for text in texts if text]
    return said


def department_phrases(labels: Collection[str]) -> dict[str, list[str]]:
    """What departments are called and do, of those that the labels name by their key."""
    rows = [d for d in departments_by_key().values() if d.key in labels]
    return {d.key: [d.name_zh, d.name_en, d.skills] for d in rows}


def examples_of_catalogue(profile: Profile, known: Catalogue) -> Examples:
    """The profile's examples whose class means the same in this catalogue; others are refused."""
    same = {
        key_of(row)
        for row in profile.rows("classes.csv")
        if key_of(row) in known.classes and known.classes[key_of(row)].name_zh == row["zh"]
    }
    given, kept = profile_examples(profile), Examples()
    rows = zip(given.titles, given.texts, given.labels, strict=True)
    for number, (title, text, label) in enumerate(rows, start=2):
        if label in same:
            kept.add(title, text, label)
        else:
            kept.refused.append((number, label, "class means another thing in this catalogue"))
    return kept


def _read(
    file: LabelledFile, kind: str, means: Mapping[str, str], phrases: Mapping[str, object]
) -> Examples:
    found = file_examples(
        file.path,
        text_column=file.text_column,
        label_column=file.label_column,
        title_column=file.title_column,
        known=set(phrases) if kind == CLASS else None,
        means=means,
    )
    if file.tree is not None:
        found.phrases = tree_phrases(file.tree, {*found.labels, *means})
        found.phrases = {means.get(label, label): said for label, said in found.phrases.items()}
    return found
