"""Hard rules, as data. A rule is never changed: saving writes its next version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Rule(models.Model):
    """派遣硬规则: when this holds, these departments. The lowest position is tried first."""

    key = models.SlugField(max_length=64)
    version = models.PositiveIntegerField()
    position = models.IntegerField(default=100)
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=160, blank=True)
    reason_zh = models.CharField(max_length=400, blank=True)
    reason_en = models.CharField(max_length=400, blank=True)
    when = models.JSONField(help_text="tree of all, any, not over {field, op, value}")
    then = models.JSONField(help_text="lead, co (department keys), priority")
    area = models.ForeignKey(
        "places.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # In force from .. until. Earlier versions stay, so that old decisions can be replayed.
    saved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["position", "key", "-version"]
        verbose_name = "派遣规则 Routing rule"
        verbose_name_plural = "派遣规则 Routing rules"
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(ended_at__isnull=True), name="one_version_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    @property
    def in_force(self) -> bool:
        return self.ended_at is None
