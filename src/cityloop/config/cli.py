"""`cityloop ...`: every command of the platform, wrapping Django's."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable

from cityloop import __version__

NAME = "cityloop"  # also where it is begun as a module, in what --help says


def main(argv: list[str] | None = None) -> None:
    """Run one command: `cityloop import reports FILE` is Django's `import_reports FILE`."""
    # Thousands of classes are made at the start, none of them garbage: looking for some among
    # them took a sixth of the start. 10,000 new objects before a look is still a small heap.
    gc.set_threshold(10_000, 20, 20)
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    from cityloop.kernel.errors import DomainError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    _prepare_demo(sys.argv if argv is None else argv)
    given = list(sys.argv if argv is None else argv)
    if given[1:] in (["--version"], ["version"]):
        print(f"{NAME} {__version__}")
        return
    try:
        execute_from_command_line(_joined(given))
    except DomainError as error:
        _say(f"{error.code}: {error.zh}", error.en)
        sys.exit(1)
    except (OperationalError, ProgrammingError) as error:
        if "--traceback" in given or not _is_unprepared(error):
            raise
        _say(
            "数据库尚未初始化，请先运行 ./run setup（或 cityloop setup）。",
            "The database has not been set up yet. Run ./run setup (or cityloop setup) first.",
        )
        sys.exit(1)
    except KeyboardInterrupt:
        _say("已中断；已受理的内容不会丢失。", "Interrupted; nothing accepted is lost.")
        sys.exit(130)


def _prepare_demo(given: list[str]) -> None:
    """The demonstration lives in a folder of its own and is the only one with one-click log-in."""
    if len(given) > 1 and given[1] == "demo":
        from cityloop.config.paths import REPO

        os.environ["CITYLOOP_DEMO"] = "1"
        os.environ.setdefault("CITYLOOP_DATA", str(REPO / "var" / "demo"))


def _joined(given: list[str]) -> list[str]:
    """Two words that name one command become one. Raises: DomainError("command.unknown")."""
    import django
    from django.core.management import get_commands

    django.setup()  # asked before, Django would remember its own commands alone
    if len(given) > 2 and not given[2].startswith("-"):
        joined = f"{given[1]}_{given[2]}".replace("-", "_")
        if joined in get_commands():
            return [NAME, joined, *given[3:]]
    if len(given) > 1:
        _check_first_word(given[1], get_commands())
    return [NAME, *given[1:]]


def _check_first_word(word: str, known: Iterable[str]) -> None:
    """Half a command is answered with the other halves there are."""
    from cityloop.kernel.errors import DomainError

    whole = sorted(name.replace("_", " ") for name in known if name.startswith(f"{word}_"))
    if whole and word not in known:
        raise DomainError(
            "command.unknown",
            f"There are: {', '.join(f'{NAME} {name}' for name in whole)}.",
            f"可用命令：{'、'.join(f'{NAME} {name}' for name in whole)}。",
        )


def _is_unprepared(error: Exception) -> bool:
    text = str(error)
    return "no such table" in text or "does not exist" in text or "no such column" in text


def _say(zh: str, en: str) -> None:
    print(zh, en, sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
