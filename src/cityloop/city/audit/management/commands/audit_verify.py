"""`cityloop audit verify`: is the trace what was logged and signed?"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cityloop.city.audit.keys import signing_key
from cityloop.city.audit.verification import Verification, verify
from cityloop.engines.ledger import VerifyKey


class Command(BaseCommand):
    help = (
        "核验全部留痕 / Verify the whole trace: recomputes every row, checks tiles and signatures, "
        "names what was altered, removed, inserted or reordered. Exit code 1 when it found any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--key", help="public key, from outside (default: of this data folder)")
        parser.add_argument(
            "--checkpoint", action="append", default=[], type=Path, help="note kept by a witness"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        key = VerifyKey.parse(options["key"]) if options["key"] else signing_key().verify_key
        notes = [path.read_text(encoding="utf-8") for path in options["checkpoint"]]
        started = time.perf_counter()
        outcome = verify(key, witnessed=notes, progress=self._progress)
        self._report(outcome, time.perf_counter() - started)
        if not outcome.is_clean:
            sys.exit(1)

    def _progress(self, rows: int) -> None:
        if self.stderr.isatty() and rows % 10_000 == 0:
            self.stderr.write(f"\r{rows}", ending="")

    def _report(self, outcome: Verification, seconds: float) -> None:
        for found in outcome.comparison.findings:
            self.stdout.write(f"{found.kind}: {found.detail} / {found.detail_zh}")
        for line in outcome.lines:
            self.stdout.write(line)
        rows, proven = outcome.comparison.rows, outcome.comparison.proven
        self.stdout.write(
            f"{rows} rows of {outcome.comparison.size} entries in {seconds:.1f} s "
            f"({rows / max(seconds, 1e-9):.0f} rows/s); {proven} under a signed root; "
            f"{outcome.checkpoints} of {outcome.checkpoints_of} checkpoints checked; "
            f"{outcome.erased} erased texts; {outcome.unplaced} not yet in the log."
        )
        verdict = "OK 无改动" if outcome.is_clean else "CHANGED 发现改动"
        self.stdout.write(verdict)
