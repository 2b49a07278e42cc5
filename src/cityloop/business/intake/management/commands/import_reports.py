"""`cityloop import reports FILE --channel hotline --map mapping.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from cityloop.business.intake.commands import MapFile, carry_on, open_run
from cityloop.business.intake.files import map_text_of, named_map
from cityloop.business.intake.models import ImportRun
from cityloop.business.intake.queries import left_out_file, summary_of
from cityloop.city.accounts.domain import SYSTEM
from cityloop.kernel.errors import DomainError


class Command(BaseCommand):
    help = "导入上报文件（CSV、XLSX、JSON lines）。Import a file of reports."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map", required=True, help="映射文件或其名称 mapping file, or its name in mappings/"
        )
        parser.add_argument("--channel", default="", help="渠道 (default: 映射中的 channel)")
        parser.add_argument("--dry-run", action="store_true", help="试运行 write no report")
        parser.add_argument("--refused", type=Path, help="拒收文件 file for rows left out")
        parser.add_argument("--batch", type=int, default=500, help="每批行数 rows a transaction")
        parser.add_argument("--quiet", action="store_true", help="不显示进度条 no progress bar")

    def handle(self, *args: Any, **given: Any) -> None:
        if not 1 <= given["batch"] <= 10_000:
            raise CommandError("--batch: 1 .. 10000")
        try:
            run = self._open(given)
            if run.state == "done":
                self._say_done(run)
            else:
                self._carry_on(run, given)
        except DomainError as error:
            raise CommandError(f"{error.code}\n{error.zh}\n{error.en}") from error
        self._close(run, given["refused"])

    def _open(self, given: dict[str, Any]) -> ImportRun:
        return open_run(
            given["file"],
            given=_map_file(given["map"]),
            channel=given["channel"],
            dry_run=given["dry_run"],
            actor=SYSTEM,
            now=timezone.now(),
        )

    def _carry_on(self, run: ImportRun, given: dict[str, Any]) -> None:
        if run.position:
            self.stdout.write(
                f"从上次中断处继续：已处理 {run.position:,} 行。"
                f"Carrying on: {run.position:,} rows are dealt with already."
            )
        bar = tqdm(
            total=run.rows_expected or None,
            initial=run.position,
            unit=" 行 rows",
            disable=given["quiet"],
        )
        with bar:
            carry_on(
                run,
                given["file"],
                actor=SYSTEM,
                clock=timezone.now,
                progress=bar.update,
                batch=given["batch"],
            )

    def _say_done(self, run: ImportRun) -> None:
        at = timezone.localtime(run.finished_at).strftime("%Y-%m-%d %H:%M")
        self.stdout.write(
            f"该文件已于 {at} 按同一映射导入完毕，本次未重复执行。"
            f"This file was imported under this mapping at {at}; nothing was done again."
        )

    def _close(self, run: ImportRun, wanted: Path | None) -> None:
        where = ""
        if run.left_out.exists():
            path = wanted or settings.DATA / "imports" / f"{run.pk}-{Path(run.file_name).stem}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.writelines(left_out_file(run))
            where = str(path)
        for remark in run.remarks:
            self.stdout.write(f"文件说明 about the file: {remark}")
        for line in summary_of(run, where):
            self.stdout.write(line)


def _map_file(given: str) -> MapFile:
    path = Path(given)
    if path.suffix == ".toml" or path.exists():
        return MapFile(map_text_of(path), path.stem)
    return MapFile(named_map(given), given)
