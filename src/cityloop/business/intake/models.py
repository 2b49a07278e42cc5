"""Imports on record: what file, under what mapping, how far, what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cityloop.business.intake.domain import Tally

STATES = [
    ("waiting", "等待 waiting"),
    ("running", "进行中 running"),
    ("done", "完成 done"),
    ("failed", "失败 failed"),
]


class ImportRun(models.Model):
    """导入. `position` counts the rows that are dealt with; it moves in the transaction of
    their batch, so a run that was killed goes on exactly where it stood."""

    channel = models.CharField(max_length=24)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    file_size = models.BigIntegerField()
    # Where an uploaded file waits for its job; emptied, and the file deleted, at the end.
    stored = models.CharField(max_length=255, blank=True)
    map_name = models.CharField(max_length=80, blank=True)
    map_text = models.TextField()
    map_sha256 = models.CharField(max_length=64)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    position = models.BigIntegerField(default=0)
    rows_expected = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    remarks = models.JSONField(default=list)
    error = models.JSONField(null=True)
    seconds = models.FloatField(default=0)
    started_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "导入 Import"
        verbose_name_plural = "导入 Imports"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "file_sha256", "map_sha256"],
                condition=Q(dry_run=False),
                name="one_import_a_file_and_mapping",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} → {self.channel}"

    @property
    def tally(self) -> Tally:
        """The counts as a value."""
        return Tally.from_json(self.counts)


class LeftOutRow(models.Model):
    """A row that did not come in: refused with a reason, or skipped by a rule of the mapping.

    `value` may hold personal data; it goes with the retention rule of reporters.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="left_out")
    row = models.BigIntegerField()
    skipped = models.BooleanField(default=False)
    column = models.CharField(max_length=300, blank=True)
    value = models.CharField(max_length=400, blank=True)
    code = models.CharField(max_length=120)
    zh = models.TextField(blank=True)
    en = models.TextField(blank=True)

    class Meta:
        verbose_name = "未入库行 Row left out"
        verbose_name_plural = "未入库行 Rows left out"
        indexes = [models.Index(fields=["run", "id"], name="left_out_run")]

    def __str__(self) -> str:
        return f"{self.row}: {self.code}"
