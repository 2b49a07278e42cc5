"""What a bulk request has moved already: the same request sent again moves nothing twice."""

from __future__ import annotations

from django.db import models


class BulkMove(models.Model):
    """One case moved by one bulk request; written in the transaction of the move."""

    actor_id = models.BigIntegerField()
    key = models.CharField(max_length=64, help_text="given by the client, one a request")
    move = models.CharField(max_length=24)
    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(help_text="of the case after the move")
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "批量办理 Bulk move"
        verbose_name_plural = "批量办理 Bulk moves"
        constraints = [
            models.UniqueConstraint(
                fields=["actor_id", "key", "case"], name="bulk_move_once_a_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.move} {self.case_id}"
