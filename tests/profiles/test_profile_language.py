"""What a profile says: training examples, reasons, notifications; and that it is our own."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from profile_files import Files, class_key

HANZI = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
SENTENCE_END = re.compile(r"[。！？；!?;\r\n]+|\.\s")
LONG = 12


def sentences(text: str) -> Iterator[str]:
    """Sentences of at least LONG characters, without the space and marks around them."""
    for part in SENTENCE_END.split(text):
        sentence = part.strip(' \t\u3000.,，、:："“”')
        if len(sentence) >= LONG:
            yield sentence


def test_examples_every_class_has_eight_chinese_and_three_english(profile: Files) -> None:
    number = Counter((class_key(r), r["language"]) for r in profile.rows("examples.csv"))
    for key in profile.class_keys():
        assert number[key, "zh"] >= 8, key
        assert number[key, "en"] >= 3, key
    assert {key for key, _ in number} <= set(profile.class_keys())


def test_examples_none_stands_twice(profile: Files) -> None:
    plain = Counter(re.sub(r"\W", "", row["text"]).lower() for row in profile.rows("examples.csv"))
    assert [text for text, n in plain.items() if n > 1] == []


def test_examples_are_written_in_the_language_they_claim(profile: Files) -> None:
    for row in profile.rows("examples.csv"):
        assert row["language"] in {"zh", "en"}, row
        assert bool(HANZI.search(row["text"])) == (row["language"] == "zh"), row


def test_both_languages_are_what_they_claim(profile: Files) -> None:
    for name in ("classes.csv", "conditions.csv", "departments.csv", "reasons.csv", "texts.csv"):
        for row in profile.rows(name):
            for column, value in row.items():
                if column.endswith(("zh", "zh_file", "zh_close")) or column.startswith("zh_"):
                    assert HANZI.search(value), (name, column, row)
                if column == "en" or column.endswith("_en") or column.startswith("en_"):
                    assert not HANZI.search(value), (name, column, row)


def test_texts_and_reasons_have_the_same_placeholders_in_both_languages(profile: Files) -> None:
    for row in [*profile.rows("texts.csv"), *profile.rows("reasons.csv")]:
        assert set(PLACEHOLDER.findall(row["zh"])) == set(PLACEHOLDER.findall(row["en"])), row


def test_texts_cover_the_way_of_a_report(profile: Files) -> None:
    keys = Counter(row["key"] for row in profile.rows("texts.csv"))
    wanted = [
        "received",
        "filed",
        "rejected",
        "dispatched",
        "handled",
        "closed",
        "merged",
        "reopened",
    ]
    assert set(wanted) <= set(keys)
    assert max(keys.values()) == 1


def test_reasons_cover_the_moves_that_need_one(profile: Files) -> None:
    rows = profile.rows("reasons.csv")
    moves = ["reject", "return", "fail", "ask_extension", "ask_suspension", "merge", "reopen"]
    assert set(moves) <= {row["move"] for row in rows}
    assert len({row["key"] for row in rows}) == len(rows)


def own_sentences(profile: Files) -> set[str]:
    """Every sentence of the profile that somebody wrote; names and codes are facts, left out."""
    written = {
        "conditions.csv": ("zh_file", "en_file", "zh_close", "en_close"),
        "examples.csv": ("text",),
        "reasons.csv": ("zh", "en"),
        "texts.csv": ("zh", "en"),
    }
    return {
        sentence
        for name, columns in written.items()
        for row in profile.rows(name)
        for column in columns
        for sentence in sentences(row[column])
    }


def real_texts(folder: Path) -> Iterator[str]:
    """Every cell of the real tables."""
    from openpyxl import load_workbook

    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            for row in csv.reader(file):
                yield from row
    for path in sorted(folder.rglob("*.xlsx")):
        for sheet in load_workbook(path, read_only=True):
            for cells in sheet.iter_rows(values_only=True):
                yield from (cell for cell in cells if isinstance(cell, str))


def test_no_sentence_is_copied_from_real_data(profile: Files, shared_data: Path) -> None:
    real = {sentence for text in real_texts(shared_data) for sentence in sentences(text)}
    assert len(real) > 10_000  # the data was really read
    assert sorted(own_sentences(profile) & real) == []
