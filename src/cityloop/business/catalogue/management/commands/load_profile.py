"""cityloop load profile: departments, catalogue and calendar of the profile."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cityloop.business.catalogue.commands import load_departments, load_from_profile
from cityloop.city.accounts.domain import SYSTEM


class Command(BaseCommand):
    help = "载入方案：部门与案卷目录。Load the profile's departments and catalogue."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        departments = load_departments(actor=SYSTEM, now=now)
        version = load_from_profile(actor=SYSTEM, now=now)
        self.stdout.write(
            f"{departments} departments, catalogue {version.number} with "
            f"{version.classes.count()} classes"
        )
