"""`cityloop elements kinds [FILE]`: declare the kinds of the profile or of a file; list them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cityloop.city.accounts.domain import SYSTEM
from cityloop.city.elements.commands import register_kinds, register_profile_kinds
from cityloop.city.elements.domain import KindSpec
from cityloop.city.elements.queries import counted_kinds
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "登记并列出要素类别。Declare kinds of elements and list them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="TOML；缺省为方案的 elements.toml")

    def handle(self, *args: Any, **given: Any) -> None:
        now = timezone.now()
        try:
            register_profile_kinds(actor=SYSTEM, now=now)
            if given["file"]:
                declared = tomllib.loads(given["file"].read_text("utf-8")).get("kind", {})
                specs = [KindSpec.read(code, raw) for code, raw in declared.items()]
                register_kinds(specs, actor=SYSTEM, now=now)
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise CommandError(f"无法读取文件 Cannot read the file: {error}") from error
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        for found in counted_kinds(SYSTEM):
            kind = found.kind
            self.stdout.write(
                f"{kind.code:28} {kind.geometry:8} {found.elements:>9,}  "
                f"{kind.name_zh} {kind.name_en}"
            )
