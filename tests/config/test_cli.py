"""`cityloop ...`: two words, half a command, what nobody knows."""

from __future__ import annotations

import pytest

from cityloop import __version__
from cityloop.config.cli import main


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str]:
    with pytest.raises(SystemExit) as ended:
        main(["cli.py", *words])
    out = capsys.readouterr()
    return ended.value.code, out.out + out.err


def test_two_words_are_one_command_and_help_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, "import", "reports", "--help")
    assert (code, "usage: cityloop import_reports" in text) == (0, True)


def test_version_is_the_platforms_own(capsys: pytest.CaptureFixture[str]) -> None:
    main(["cli.py", "--version"])
    assert capsys.readouterr().out == f"cityloop {__version__}\n"


@pytest.mark.parametrize("words", [["import"], ["import", "nonsense"]])
def test_half_a_command_is_answered_with_the_whole_ones(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code, text = said(capsys, *words)
    assert code == 1
    assert "cityloop import areas" in text and "cityloop import reports" in text
