"""Forecasts and what came of them; reasons people entered; warnings with their judgement."""

from __future__ import annotations

from django.conf import settings
from django.db import models

OUTCOMES = [("hit", "命中 Hit"), ("false_alarm", "误报 False alarm"), ("miss", "漏报 Miss")]
DECISIONS = [("accepted", "采纳 Accepted"), ("declined", "不采纳 Declined")]


class ForecastRun(models.Model):
    """One making of forecasts, from the reports up to a day."""

    last_day = models.DateField(unique=True, help_text="last whole day it knew")
    made_at = models.DateTimeField()
    history_days = models.PositiveIntegerField()
    problem = models.JSONField(null=True, help_text="why nothing could be forecast (zh, en)")
    # Errors and coverage on the past days shown, beside the seasonal naive forecast.
    figures = models.JSONField(default=dict)
    topics = models.JSONField(default=dict, help_text="topic key → [zh, en]")
    suppressed = models.PositiveIntegerField(default=0, help_text="cells too small to show")
    # What today's probabilities were worth on past days at the same hour, each from the days
    # before it: hour, days, from (probability), given, came, bands.
    nowcast = models.JSONField(default=dict)

    class Meta:
        ordering = ["-last_day"]
        verbose_name = "预测批次 Forecast run"
        verbose_name_plural = "预测批次 Forecast runs"

    def __str__(self) -> str:
        return f"{self.last_day}"


class ForecastCell(models.Model):
    """The forecast of one day for one cell. Area 0 = the whole city, topic "" = all."""

    day = models.DateField()
    horizon = models.PositiveSmallIntegerField(help_text="days ahead")
    area_id = models.BigIntegerField(default=0)
    topic = models.CharField(max_length=8, blank=True)
    mean = models.FloatField()
    median = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    line = models.FloatField(null=True, help_text="more is an overload")
    chance = models.FloatField(null=True, help_text="probability of overload")
    actual = models.PositiveIntegerField(null=True)
    # Reckoned later than the day, from what was known then: shown as such.
    hindsight = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area_id", "topic", "day", "horizon"], name="one_forecast_a_day_and_horizon"
            )
        ]
        indexes = [models.Index(fields=["day", "horizon"], name="forecast_day")]
        verbose_name = "预测 Forecast"
        verbose_name_plural = "预测 Forecasts"

    def __str__(self) -> str:
        return f"{self.day} {self.area_id} {self.topic} {self.median}"


class TodayCell(models.Model):
    """How today will end, as seen at an hour."""

    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    area_id = models.BigIntegerField(default=0)
    topic = models.CharField(max_length=8, blank=True)
    seen = models.PositiveIntegerField()
    usual = models.FloatField(help_text="what has come by this hour as a rule")
    mean = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    line = models.FloatField(null=True)
    chance = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "hour", "area_id", "topic"], name="one_nowcast_an_hour"
            )
        ]
        verbose_name = "今日研判 Nowcast"
        verbose_name_plural = "今日研判 Nowcasts"

    def __str__(self) -> str:
        return f"{self.day} {self.hour}:00 {self.area_id} {self.topic}"


class NamedTrigger(models.Model):
    """A reason somebody entered: a rain warning, a planned outage, an event."""

    kind = models.CharField(max_length=24)
    first_day = models.DateField()
    last_day = models.DateField()
    areas = models.JSONField(default=list, help_text="area ids; empty = all")
    topics = models.JSONField(default=list, help_text="topic keys; empty = all")
    guess = models.FloatField(default=1.0)
    note = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-first_day", "-id"]
        verbose_name = "触发因素 Trigger"
        verbose_name_plural = "触发因素 Triggers"

    def __str__(self) -> str:
        return f"{self.kind} {self.first_day}"


class EarlyWarning(models.Model):
    """An expected overload, what a person decided, and what came of it.

    Days that were overloaded without a warning stand here too (outcome "miss", no made_at).
    """

    day = models.DateField()
    area_id = models.BigIntegerField(default=0)
    topic = models.CharField(max_length=8, blank=True)
    horizon = models.PositiveSmallIntegerField(help_text="days ahead when it was given; 0 = today")
    made_at = models.DateTimeField(null=True)
    chance = models.FloatField(null=True)
    mean = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    line = models.FloatField()
    reasons = models.JSONField(default=list, help_text="[[zh, en], ...]")
    preparations = models.JSONField(default=list, help_text="[[zh, en], ...]")
    decision = models.CharField(max_length=8, blank=True, choices=DECISIONS)
    decision_reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=11, blank=True, choices=OUTCOMES)
    actual = models.PositiveIntegerField(null=True)
    lead_hours = models.FloatField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day", "-chance", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "area_id", "topic"], name="one_warning_a_day_and_cell"
            )
        ]
        verbose_name = "预警 Warning"
        verbose_name_plural = "预警 Warnings"

    def __str__(self) -> str:
        return f"{self.day} {self.area_id} {self.topic} {self.outcome}"
