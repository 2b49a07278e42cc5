"""cityloop keys: which key seals what, a new key, an old one forgotten."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cityloop.city.key_rings import (
    GIVEN,
    Resealed,
    add_key,
    forget_key,
    key_ring,
    reseal,
    ring_names,
    standing,
)


class Command(BaseCommand):
    help = (
        "密钥轮换。Keys of sealed fields: status (which key seals how much), rotate (a new key, "
        "everything brought under it; run again to go on), forget RING KEY (an old key that seals "
        f"nothing), next (the ring of {GIVEN} with a new key)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["status", "rotate", "forget", "next"])
        parser.add_argument("what", nargs="*", help="rotate: rings (all); forget: RING KEY")
        parser.add_argument("--batch", type=int, default=500, help="rows a transaction (500)")

    def handle(self, *args: Any, **options: Any) -> None:
        act, what = options["act"], options["what"]
        if act == "status":
            for name in ring_names():
                self._show(name)
        elif act == "rotate":
            broken = [self._rotate(name, max(1, options["batch"])) for name in what or ring_names()]
            sys.exit(1 if any(broken) else 0)
        elif act == "forget":
            self._forget(what)
        elif os.environ.get(GIVEN):
            self.stdout.write(key_ring(ring_names()[0]).with_new_key().text)
        else:
            sys.exit(
                f"{GIVEN} 未设置，密钥在数据目录的文件中，请用 keys rotate。"
                "It is not set: the keys are files of the data folder; use keys rotate."
            )

    def _show(self, name: str) -> None:
        stands = standing(name)
        self.stdout.write(f"{name}:")
        for key_id, n in stands.values.items():
            mark = "  当前 current" if key_id == stands.current else ""
            self.stdout.write(f"  {key_id}  {n:,} 个值 values{mark}")

    def _rotate(self, name: str, batch: int) -> bool:
        """Whether there was a value that does not open."""
        stands = standing(name)
        if not stands.old and not os.environ.get(GIVEN):
            current = add_key(name, now=timezone.now())
            self.stdout.write(f"{name}: 新密钥 new key {current}，请备份 back the file up now")
        done = Resealed()
        for _ in reseal(name, done, batch=batch):
            if self.stderr.isatty():
                self.stderr.write(f"\r{name}: {done.values:,} / {stands.old:,}", ending="")
        self.stdout.write(f"{name}: 重新加密 resealed {done.values:,}")
        for place, code in done.broken:
            self.stdout.write(f"{name}: 无法打开 does not open: {place} ({code})")
        self._show(name)
        return bool(done.broken)

    def _forget(self, what: list[str]) -> None:
        if len(what) != 2:
            sys.exit("用法 usage: cityloop keys forget RING KEY")
        forget_key(*what, now=timezone.now())
        self._show(what[0])
