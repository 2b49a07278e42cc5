"""A catalogue never changes; a new version replaces it and open cases stay on theirs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

KINDS = [("component", "部件 Component"), ("event", "事件 Event")]
UNITS = [
    ("clock_minute", "紧急工作分钟 clock minute"),
    ("clock_hour", "紧急工作时 clock hour"),
    ("clock_day", "紧急工作日 clock day"),
    ("work_hour", "工作时 work hour"),
    ("work_day", "工作日 work day"),
]


class Version(models.Model):
    """One edition of the catalogue. At most one is active."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    active = models.BooleanField(default=False)

    class Meta:
        ordering = ["-number"]
        verbose_name = "目录版本 Catalogue version"
        verbose_name_plural = "目录版本 Catalogue versions"
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=Q(active=True), name="one_active_catalogue"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class CaseClass(models.Model):
    """Component or event class: 大类 + 小类, two digits each. `key` is C0101 or E0101."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="classes")
    kind = models.CharField(max_length=9, choices=KINDS)
    code = models.CharField(max_length=4)
    key = models.CharField(max_length=5)
    big_zh = models.CharField(max_length=60)
    big_en = models.CharField(max_length=80, blank=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    aliases = models.TextField(blank=True)
    urgency = models.CharField(max_length=9, default="normal")

    class Meta:
        ordering = ["kind", "code"]
        verbose_name = "类别 Class"
        verbose_name_plural = "类别 Classes"
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="class_once_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.name_zh}"


class Condition(models.Model):
    """立案条件: when a matter of a class is filed, how long it may take, how it is closed."""

    case_class = models.ForeignKey(CaseClass, on_delete=models.CASCADE, related_name="conditions")
    seq = models.PositiveSmallIntegerField()
    file_zh = models.TextField()
    file_en = models.TextField(blank=True)
    close_zh = models.TextField()
    close_en = models.TextField(blank=True)
    limit_value = models.FloatField()
    limit_unit = models.CharField(max_length=12, choices=UNITS)
    units_text = models.TextField(blank=True, help_text="handling units as the source names them")
    supervisors_text = models.TextField(blank=True, help_text="supervising bodies, likewise")
    remark = models.CharField(max_length=200, blank=True, help_text="what the source adds")
    departments = models.JSONField(default=list, help_text="keys, lead first")
    evidence = models.CharField(max_length=20, default="none")
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["case_class", "seq"]
        verbose_name = "立案条件 Condition"
        verbose_name_plural = "立案条件 Conditions"
        constraints = [
            models.UniqueConstraint(fields=["case_class", "seq"], name="condition_once_a_class")
        ]

    def __str__(self) -> str:
        return f"{self.case_class_id}/{self.seq}"


class Duty(models.Model):
    """Duty table: a class pattern (C0101, C01*, E*) in an area (None = everywhere) → units."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="duties")
    pattern = models.CharField(max_length=8)
    area = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.CASCADE)
    lead = models.CharField(max_length=64)
    co = models.JSONField(default=list)
    remark = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "权责 Duty"
        verbose_name_plural = "权责 Duties"

    def __str__(self) -> str:
        return f"{self.pattern} → {self.lead}"


class WorkDay(models.Model):
    """A day that differs from the week's pattern: a public holiday or a swapped workday (调休)."""

    day = models.DateField(unique=True)
    works = models.BooleanField(help_text="True: a swapped workday; False: a holiday")
    name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = "节假日与调休 Work day"
        verbose_name_plural = "节假日与调休 Work days"

    def __str__(self) -> str:
        return f"{self.day} {'works' if self.works else 'off'}"
