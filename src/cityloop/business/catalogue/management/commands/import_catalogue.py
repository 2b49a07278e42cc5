"""cityloop import catalogue FILE: a city's own filing standard."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cityloop.business.catalogue.commands.import_file import Imported, import_catalogue
from cityloop.city.accounts.domain import SYSTEM
from cityloop.kernel.errors import DomainError

SHOWN = 20


class Command(BaseCommand):
    help = "导入案卷目录（XLSX 或 CSV）。Import a city's catalogue as its next version."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--name", default="", help="how the version is called 版本名称")
        parser.add_argument("--duties", help="CSV: pattern, area, lead, co, remark 权责清单")
        parser.add_argument(
            "--create-departments",
            action="store_true",
            help="make a department of each unknown handling unit 为未匹配的处置单位建立部门",
        )
        parser.add_argument(
            "--allow-refused", action="store_true", help="import although rows are refused"
        )
        parser.add_argument(
            "--force", action="store_true", help="a new version also of known content"
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing 只检查不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("name", "duties", "create_departments", "allow_refused", "force", "dry_run")
        chosen = {name: options[name] for name in names}
        try:
            done = import_catalogue(options["file"], actor=SYSTEM, now=timezone.now(), **chosen)
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        self._say(done, dry_run=options["dry_run"])
        if done.reading.refused and done.version is None and not options["dry_run"]:
            raise CommandError(
                "有被拒绝的行，未写入。Rows were refused, nothing was written; correct them, "
                "or import the rest with --allow-refused."
            )

    def _say(self, done: Imported, *, dry_run: bool) -> None:
        reading, units = done.reading, done.units
        self.stdout.write(
            f"{reading.rows} rows: {len(reading.classes)} classes, "
            f"{reading.conditions} conditions, {len(reading.refused)} rows refused"
        )
        for lost in reading.refused:
            place = f"{lost.sheet} row {lost.row}, {lost.column}".strip()
            self.stdout.write(f"  refused {place}: {lost.value!r}: {lost.zh} {lost.en}")
        for remark in reading.remarks:
            self.stdout.write(f"  note: {remark}")
        self.stdout.write(
            f"handling units: {len(units.matched)} known, {len(units.created)} departments "
            f"created, {len(units.unknown)} not matched"
        )
        for name, count in units.unknown.most_common(SHOWN):
            self.stdout.write(f"  not matched: {name} ({count} conditions)")
        if len(units.unknown) > SHOWN:
            self.stdout.write(f"  ... and {len(units.unknown) - SHOWN} more")
        if done.renamed:
            self.stdout.write(
                f"{len(done.renamed)} codes mean another class than in the active catalogue, e.g. "
                f"{done.renamed[0]}: run `cityloop train triage` again"
            )
        self._say_version(done, dry_run=dry_run)

    def _say_version(self, done: Imported, *, dry_run: bool) -> None:
        if done.version is not None:
            self.stdout.write(
                self.style.SUCCESS(
                    f"catalogue {done.version.number} is active: {done.version.name}"
                )
            )
        elif done.same_as is not None:
            self.stdout.write(
                f"same content as catalogue {done.same_as.number}, which is active; "
                "no new version (--force makes one)"
            )
        elif dry_run:
            self.stdout.write("dry run: nothing was written")
