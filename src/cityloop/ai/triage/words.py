"""What is known of labels before anybody labelled a text: duty lists and label trees."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from cityloop.city.profile import Profile
from cityloop.engines.tables import open_table

FILE = "department_words.csv"
TREE_NAMES = ("taxonomy*", "label_tree*", "标签体系*", "分类体系*")
TREE_KINDS = {".csv", ".tsv", ".xlsx"}
_OFFICE = re.compile(r"(管理局|委员会|办公室|部门|局|厅|委|科|处|办)$")
_HAN = re.compile(r"[\u4e00-\u9fff]")

Phrases = Mapping[str, Sequence[str]]


def duty_words(profile: Profile, labels: Collection[str]) -> dict[str, list[str]]:
    """Of each label that names a kind of department ("城乡建设", "市教育局"): the words of its
    duties, one phrase a field of duty. Labels that name none are left out, and so is everything
    when the profile has no such list."""
    if not (profile.folder / FILE).is_file():
        return {}
    names: dict[str, list[str]] = {}
    fields: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in profile.rows(FILE):
        fields[row["department"]].append(row)
        if row["names"]:
            names[row["department"]] = row["names"].split("|")
    found = {}
    for label in sorted(labels):
        kind = _kind_of(label, names)
        column = "words_zh" if _HAN.search(label) else "words_en"
        if kind:
            found[label] = [row[column] for row in fields[kind] if row[column]]
    return found


def _kind_of(label: str, names: Mapping[str, Sequence[str]]) -> str:
    """The kind with the longest name that the label is or contains (or is contained in)."""
    said = label.strip().lower()
    short = _OFFICE.sub("", said) or said
    best, kind = 0, ""
    for candidate, said_as in names.items():
        for name in (each.lower() for each in said_as):
            if name in (said, short):
                return candidate
            fits = name in said if _HAN.search(name) else re.search(rf"\b{re.escape(name)}\b", said)
            if fits and len(name) > best:
                best, kind = len(name), candidate
    return kind


def tree_phrases(path: Path | str, labels: Collection[str]) -> dict[str, list[str]]:
    """A label tree (one path a row, any depth, the label in any of its cells) as phrases.

    Rows that hold none of the labels are about something else and stay out. Raises: DomainError
    as `open_table` does.
    """
    wanted, found = set(labels), defaultdict(list)
    for _, row in open_table(path).rows():
        cells = [str(cell).strip() for cell in row.values() if str(cell or "").strip()]
        for label in dict.fromkeys(cell for cell in cells if cell in wanted):
            found[label].append(" ".join(cells))
    return dict(found)


def tree_labels(path: Path | str) -> list[str]:
    """The highest level of a label tree: the distinct values of its first column, in order."""
    table = open_table(path)
    first = table.columns[0]
    said = (str(row[first] or "").strip() for _, row in table.rows())
    return list(dict.fromkeys(label for label in said if label))


def tree_beside(path: Path | str) -> Path | None:
    """The label tree that lies beside a labelled file: the first named like one."""
    folder = Path(path).parent
    for pattern in TREE_NAMES:
        for candidate in sorted(folder.glob(pattern)):
            if candidate.suffix.lower() in TREE_KINDS and candidate != Path(path):
                return candidate
    return None
