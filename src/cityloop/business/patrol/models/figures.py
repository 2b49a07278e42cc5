"""A worker's own figures, added up as the trace goes on."""

from __future__ import annotations

from django.db import models


class OwnReport(models.Model):
    """A case that a grid worker reported, until it is known whether it was one."""

    case_id = models.BigIntegerField(primary_key=True)
    user_id = models.BigIntegerField()

    class Meta:
        verbose_name = "网格员上报 Own report"
        verbose_name_plural = "网格员上报 Own reports"

    def __str__(self) -> str:
        return f"{self.case_id} by {self.user_id}"


class WorkerFigure(models.Model):
    """How many, by worker, day and measure."""

    user_id = models.BigIntegerField()
    day = models.DateField()
    measure = models.CharField(max_length=16)
    n = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "个人指标 Worker figure"
        verbose_name_plural = "个人指标 Worker figures"
        constraints = [
            models.UniqueConstraint(fields=["user_id", "measure", "day"], name="one_worker_figure")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day} {self.measure} {self.n}"
