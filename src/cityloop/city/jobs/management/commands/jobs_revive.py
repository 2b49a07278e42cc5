"""`cityloop jobs revive ID...`: try dead jobs again; without ids, list them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cityloop.city.jobs.commands import revive
from cityloop.city.jobs.models import Job
from cityloop.city.viewer import SYSTEM


class Command(BaseCommand):
    help = "列出或重试失败的作业 / List dead jobs, or try some of them again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=int)
        parser.add_argument("--all", action="store_true", help="every dead job")

    def handle(self, *args: Any, **options: Any) -> None:
        dead = Job.objects.filter(state="dead").order_by("pk")
        ids = list(dead.values_list("pk", flat=True)) if options["all"] else options["ids"]
        for job_id in ids:
            revive(job_id, actor=SYSTEM, now=timezone.now())
        if ids:
            self.stdout.write(f"{len(ids)} 个作业重新排队 jobs wait again")
            return
        for job in dead:
            self.stdout.write(f"{job.pk}\t{job.kind}\t{job.attempts}\t{job.error}")
