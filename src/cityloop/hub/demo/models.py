"""What the demo keeps: how the simulator runs, and what belongs to visitors."""

from __future__ import annotations

from django.db import models


class Town(models.Model):
    """One row: the synthetic district of this database and its simulator."""

    size = models.CharField(max_length=16)
    seed = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    runs = models.BooleanField(default=False)
    speed = models.FloatField(default=60.0)
    # The simulator's own clock: up to when reports have been sent, and how many.
    told_until = models.DateTimeField()
    told = models.PositiveBigIntegerField(default=0)
    acted = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "演示城区 Demo town"
        verbose_name_plural = "演示城区 Demo town"

    def __str__(self) -> str:
        return f"{self.size} {self.seed}"


class Visit(models.Model):
    """A case that a visitor reported or acted on; the simulator leaves it alone for a while."""

    case_id = models.BigIntegerField(unique=True)
    touched_at = models.DateTimeField()

    class Meta:
        verbose_name = "访客案卷 Visited case"
        verbose_name_plural = "访客案卷 Visited cases"

    def __str__(self) -> str:
        return str(self.case_id)
