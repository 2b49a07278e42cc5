"""Issues, the reports looked at, what people decided, and pairs the desk should look at."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Issue(models.Model):
    """Reports about one matter at one place over some time. Its number stays from day to day."""

    STATES = [("open", "待确认 found"), ("confirmed", "已确认 confirmed"),
              ("dismissed", "已排除 dismissed"), ("merged", "已合并 merged"),
              ("ended", "已消散 ended")]  # fmt: skip
    id = models.BigIntegerField(primary_key=True)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    title = models.CharField(max_length=300)
    words = models.JSONField(default=list)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    heat = models.FloatField(default=0.0)
    reports = models.PositiveIntegerField(default=0)
    persons = models.PositiveIntegerField(default=0)
    this_week = models.PositiveIntegerField(default=0)
    last_week = models.PositiveIntegerField(default=0)
    peak = models.PositiveIntegerField(default=0)
    unsolved = models.PositiveIntegerField(default=0)
    unsolved_days = models.FloatField(default=0.0)
    oldest_number = models.CharField(max_length=20, blank=True)
    trend = models.JSONField(default=list)
    departments = models.JSONField(default=list)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    alarm = models.CharField(max_length=8, blank=True)
    alarmed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    cause_case_id = models.BigIntegerField(null=True)
    cause_number = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = "热点问题 Hot issue"
        verbose_name_plural = "热点问题 Hot issues"
        indexes = [
            models.Index(
                fields=["-heat", "id"],
                condition=Q(state__in=["open", "confirmed"]),
                name="issue_heat",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Looked(models.Model):
    """A report as grouping sees it: beginning of its text, time, place, a hash to count senders."""

    report_id = models.BigIntegerField(primary_key=True)
    case_id = models.BigIntegerField(db_index=True)
    case_number = models.CharField(max_length=20)
    title = models.CharField(max_length=300, blank=True)
    text = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(db_index=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    district_id = models.BigIntegerField(null=True)
    subdistrict_id = models.BigIntegerField(null=True)
    community_id = models.BigIntegerField(null=True)
    class_key = models.CharField(max_length=5, blank=True)
    department_id = models.BigIntegerField(null=True)
    sender = models.CharField(max_length=16, blank=True)
    is_open = models.BooleanField(default=True)
    issue = models.ForeignKey(Issue, null=True, on_delete=models.SET_NULL, related_name="members")
    similarity = models.FloatField(default=0.0)
    # A person said that it belongs there.
    pinned = models.BooleanField(default=False)
    placed = models.BooleanField(default=False)

    class Meta:
        verbose_name = "比对的上报 Report looked at"
        verbose_name_plural = "比对的上报 Reports looked at"
        indexes = [
            models.Index(fields=["received_at"], condition=Q(placed=False), name="looked_waiting")
        ]

    def __str__(self) -> str:
        return self.title or self.case_number


class Apart(models.Model):
    """A person said that this report does not belong to this issue."""

    report_id = models.BigIntegerField()
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="apart")

    class Meta:
        verbose_name = "不属于 Apart"
        verbose_name_plural = "不属于 Apart"
        constraints = [models.UniqueConstraint(fields=["report_id", "issue"], name="apart_once")]

    def __str__(self) -> str:
        return f"{self.report_id} not in {self.issue_id}"


class Decision(models.Model):
    """What a person decided about an issue."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=10)
    data = models.JSONField(default=dict)
    note = models.CharField(max_length=400, blank=True)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "人工决定 Decision"
        verbose_name_plural = "人工决定 Decisions"

    def __str__(self) -> str:
        return f"{self.kind} {self.issue_id}"


class Alike(models.Model):
    """A new report and an earlier one that is probably the same, with the reasons."""

    report_id = models.BigIntegerField()
    case_id = models.BigIntegerField(db_index=True)
    other_report_id = models.BigIntegerField()
    other_case_id = models.BigIntegerField()
    other_number = models.CharField(max_length=20)
    verdict = models.CharField(max_length=8)
    score = models.FloatField()
    words = models.JSONField(default=list)
    metres = models.FloatField(null=True)
    hours = models.FloatField()
    same_text = models.FloatField()
    same_class = models.BooleanField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "疑似重复 Probably the same"
        verbose_name_plural = "疑似重复 Probably the same"
        constraints = [
            models.UniqueConstraint(fields=["report_id", "other_case_id"], name="alike_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} ~ {self.other_case_id}"


class Standing(models.Model):
    """One row: how often people changed the grouping, and when it was last made anew."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    revision = models.BigIntegerField(default=0)
    regrouped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "归并状态 Standing"
        verbose_name_plural = "归并状态 Standing"

    def __str__(self) -> str:
        return f"revision {self.revision}"
