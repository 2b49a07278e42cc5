"""cityloop import calendar: public holidays and swapped workdays."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cityloop.business.catalogue.commands.calendar import china_days, read_days, set_work_days
from cityloop.city.accounts.domain import SYSTEM
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "导入节假日与调休。Enter holidays and swapped workdays, published or from a file."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--country", choices=["CN"], help="as published 国务院公布")
        source.add_argument("--file", help="CSV or XLSX: day, works (1 班 / 0 休), name")
        parser.add_argument("--years", nargs="+", type=int, default=[])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["country"] and not options["years"]:
            raise CommandError("请用 --years 给出年份。Give the years, e.g. --years 2025 2026")
        try:
            days = read_days(options["file"]) if options["file"] else china_days(options["years"])
            count = set_work_days(days, actor=SYSTEM, now=timezone.now())
        except DomainError as error:
            raise CommandError(f"{error.zh}\n{error.en}") from error
        works = sum(day.works for day in days)
        self.stdout.write(f"{count} days: {count - works} holidays, {works} swapped workdays")
