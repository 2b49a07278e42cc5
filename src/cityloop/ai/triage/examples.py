"""Labelled texts to learn from: the profile's, people's corrections, and files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cityloop.ai.tables import LABEL, TEXT, TITLE, cell_text, find_column, unpacked
from cityloop.ai.triage.models import Correction
from cityloop.city.profile import Profile
from cityloop.engines.tables import open_table
from cityloop.kernel.errors import DomainError


@dataclass
class Examples:
    """Labelled texts, side by side; `refused`: (row, value, reason).

    corrections: rows of Correction used; their texts stand last. phrases: what the operator gave
    besides, e.g. a label tree; kept with the texts for the next training.
    """

    titles: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    corrections: list[int] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    phrases: dict[str, list[str]] = field(default_factory=dict)

    def add(self, title: str, text: str, label: str) -> None:
        self.titles.append(title)
        self.texts.append(text)
        self.labels.append(label)

    def extend(self, other: Examples) -> None:
        """Append another set."""
        self.titles += other.titles
        self.texts += other.texts
        self.labels += other.labels
        self.corrections += other.corrections
        self.refused += other.refused
        for label, said in other.phrases.items():
            self.phrases[label] = list(dict.fromkeys([*self.phrases.get(label, []), *said]))


def key_of(row: Mapping[str, str]) -> str:
    """component,0101 → C0101."""
    return f"{row['kind'][0].upper()}{row['code']}"


def profile_examples(profile: Profile) -> Examples:
    """The profile's own labelled texts."""
    found = Examples()
    for row in profile.rows("examples.csv"):
        found.add("", row["text"], key_of(row))
    return found


def profile_phrases(profile: Profile) -> dict[str, list[str]]:
    """What the profile says of each class: names, other names, conditions, in both languages."""
    said: dict[str, list[str]] = defaultdict(list)
    for row in profile.rows("classes.csv"):
        names = [row["zh"], row["en"], *row["aliases_zh"].split("|"), *row["aliases_en"].split("|")]
        said[key_of(row)] += [name for name in names if name]
    for row in profile.rows("conditions.csv"):
        said[key_of(row)] += [text for text in (row["zh_file"], row["en_file"]) if text]
    return dict(said)


def corrections_so_far(known: Collection[str] | None = None, *, kind: str = "class") -> Examples:
    """Every text that a person labelled, of the known labels (all when None)."""
    found = Examples()
    for row in Correction.objects.filter(kind=kind).exclude(title="", text="").order_by("pk"):
        if known is None or row.chosen in known:
            found.add(row.title, row.text, row.chosen)
            found.corrections.append(row.pk)
    return found


def file_examples(
    path: Path | str,
    *,
    text_column: str,
    label_column: str,
    title_column: str = "",
    known: Collection[str] | None = None,
    means: Mapping[str, str] | None = None,
) -> Examples:
    """Labelled texts of a CSV, XLSX or JSON-lines file, gzipped or not; rows without text or with
    an unknown label are refused.

    Args:
        known: labels that may be; None = any. means: what a label of the file stands for.
    Raises: DomainError("triage.column") naming the columns there are; as `open_table` does.
    """
    wanted = [c for c in (text_column, label_column, title_column) if c]
    found = Examples()
    with unpacked(path) as file:
        table = open_table(file, known=wanted)
        for column in wanted:
            if column not in table.columns:
                raise _no_column(column, table.columns)
        for number, row in table.rows():
            title = cell_text(row.get(title_column)) if title_column else ""
            text, label = cell_text(row.get(text_column)), cell_text(row.get(label_column)).strip()
            label = (means or {}).get(label, label)
            refusal = _refusal(title, text, label, known)
            if refusal:
                found.refused.append((number, label, refusal))
            else:
                found.add(title, text, label)
    found.refused += [(r.number, r.value, r.error.en) for r in table.refused]
    return found


def columns_of(
    path: Path | str, *, text: str = "", label: str = "", title: str = "", labelled: bool = True
) -> tuple[str, str, str]:
    """The columns of text, label and title: as named, else the first usual name the file has.

    A title is optional, and so is a label unless `labelled`: "" where the file has none. Where
    there are titles alone, they are the texts.
    Raises: DomainError("triage.column") when a text or label column has to be named; as
        `open_table` does.
    """
    with unpacked(path) as file:
        there = open_table(file, known=[*TEXT, *TITLE, *LABEL]).columns
    title = title or find_column(there, TITLE)
    text = text or find_column(there, TEXT)
    if not text:
        text, title = title, ""
    label = label or find_column(there, LABEL)
    if not text:
        raise _no_column("text", there)
    if labelled and not label:
        raise _no_column("label", there)
    return text, label, title


def plain_texts(path: Path | str) -> list[tuple[str, str]]:
    """(title, text) of every row of a file without labels, by the usual column names.

    Raises: DomainError("triage.column"); as `open_table` does.
    """
    text, _, title = columns_of(path, labelled=False)
    with unpacked(path) as file:
        rows = open_table(file, known=[name for name in (text, title) if name]).rows()
        pairs = [
            (cell_text(row.get(title)).strip() if title else "", cell_text(row.get(text)).strip())
            for _, row in rows
        ]
    return [pair for pair in pairs if any(pair)]


def _refusal(title: str, text: str, label: str, known: Collection[str] | None) -> str:
    if not (title.strip() or text.strip()):
        return "no text"
    if not label:
        return "no label"
    if known is not None and label not in known:
        return "the label is not one of those known"
    return ""


def _no_column(column: str, there: Sequence[str]) -> DomainError:
    return DomainError(
        "triage.column",
        f"The file has no column {column!r}; it has: {', '.join(there)}. Name the right one: "
        "--text-column, --label-column, --title-column.",
        f"文件中没有“{column}”列，现有：{'、'.join(there)}。"
        "请用 --text-column、--label-column、--title-column 指定。",
        where=column,
        details={"columns": list(there)},
    )


def refused_summary(refused: Iterable[tuple[int, str, str]]) -> list[str]:
    """Refusals grouped by reason and value, most frequent first, with the first row."""
    first: dict[tuple[str, str], int] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for number, value, reason in refused:
        counts[reason, value[:40]] += 1
        first.setdefault((reason, value[:40]), number)
    return [
        f"{count} × {reason}: {value!r} (first in row {first[reason, value]})"
        for (reason, value), count in counts.most_common()
    ]
