"""Filters that people keep."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cityloop.city.accounts.domain import ROLE_NAMES


class SavedFilter(models.Model):
    """A named question to the list of cases; of one person, or shared with a role."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters"
    )
    name = models.CharField(max_length=40)
    filters = models.JSONField(default=dict)
    order = models.CharField(max_length=12, default="due")
    role = models.CharField(
        max_length=32,
        blank=True,
        choices=[(role.value, f"{zh} {en}") for role, (zh, en) in ROLE_NAMES.items()],
        help_text="shared with everybody who holds it; empty = the owner's own",
    )
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = "常用筛选 Saved filter"
        verbose_name_plural = "常用筛选 Saved filters"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_name_once")
        ]
        indexes = [
            models.Index(fields=["role"], condition=~models.Q(role=""), name="saved_filter_shared")
        ]

    def __str__(self) -> str:
        return self.name
