"""Aggregates kept up to date by every event; nothing is counted when a page is opened."""

from __future__ import annotations

from django.db import models


class Figure(models.Model):
    """How many, by day, area, class, department and measure.

    Flows ("reported", "closed", ...) stand on their local day; stocks ("state:filed",
    "alert:late") on the day EPOCH, as what there is now. Empty class and department 0 = all.
    """

    day = models.DateField()
    area_id = models.BigIntegerField()
    class_key = models.CharField(max_length=5, blank=True)
    department_id = models.BigIntegerField(default=0)
    measure = models.CharField(max_length=24)
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            # The only index, for every event writes to it. Whoever reads names area, class,
            # department and measure (each one or a list), and then goes from day to day.
            models.UniqueConstraint(
                fields=["area_id", "class_key", "department_id", "measure", "day"],
                name="one_figure",
            )
        ]
        verbose_name = "指标 Figure"
        verbose_name_plural = "指标 Figures"

    def __str__(self) -> str:
        return f"{self.day} {self.area_id} {self.measure} {self.n}"
