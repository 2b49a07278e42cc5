"""`cityloop ...`: every command of the platform, wrapping Django's."""

from __future__ import annotations

import os
import sys


def main(argv: list[str] | None = None) -> None:
    """Run one command: `cityloop import reports FILE` is Django's `import_reports FILE`."""
    from django.core.management import execute_from_command_line, get_commands

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityloop.config.settings")
    given = list(sys.argv if argv is None else argv)
    if len(given) > 2:
        import django

        django.setup()
        joined = f"{given[1]}_{given[2]}".replace("-", "_")
        if joined in get_commands():
            given = [given[0], joined, *given[3:]]
    execute_from_command_line(given)


if __name__ == "__main__":
    main()
