"""One row an action. The same row is the trace, the ledger's entry and the outbox."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q

from cityloop.kernel.errors import Conflict


def _append_only(what: str) -> Conflict:
    return Conflict(
        "audit.append_only",
        f"{what}: the trace is append-only. Record a further event instead; free text is erased "
        "with city.audit.commands.erase.",
        f"{what}：留痕只能追加，不可修改或删除。请另行记录；需清除的个人信息用 erase 命令处理。",
    )


class EventRows(models.QuerySet["Event"]):
    """Reads and inserts. The two changes there are have their own names."""

    def update(self, **values: Any) -> NoReturn:
        raise _append_only(f"update of {sorted(values)}")

    def delete(self) -> NoReturn:
        raise _append_only("delete")

    def forget_private(self) -> int:
        """Destroy the private text and its salt; the commitment and the leaf stay."""
        return super().update(private=None, salt=None)


class Event(models.Model):
    """What happened: append-only.

    `data` is public within the system (ids, codes, states, times; canonical JSON text).
    `private` holds free text that may name persons; only its commitment, keyed with `salt`,
    enters the ledger, so erasing both later leaves every proof valid.
    `position` is the leaf index, given by the sequencer; readers follow it without gaps.
    The database refuses changes as well: see guards.py.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True)
    data = models.TextField(default="{}")
    private = models.TextField(null=True)
    salt = models.BinaryField(null=True)
    commitment = models.CharField(max_length=64, blank=True)
    leaf_hash = models.BinaryField()
    position = models.BigIntegerField(null=True, unique=True)

    objects = EventRows.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_subject"),
            models.Index(
                fields=["id"], condition=Q(position__isnull=True), name="event_unsequenced"
            ),
        ]
        verbose_name = "留痕 Event"
        verbose_name_plural = "留痕 Events"

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise _append_only(f"save of event {self.pk}")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise _append_only(f"delete of event {self.pk}")


class Tile(models.Model):
    """Up to 256 hashes of one level of the Merkle tree."""

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="one_tile")]


class Checkpoint(models.Model):
    """A signed tree head."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        verbose_name = "检查点 Checkpoint"
        verbose_name_plural = "检查点 Checkpoints"

    def __str__(self) -> str:
        return f"{self.size}"


class LedgerHead(models.Model):
    """One row (pk 1): the size of the log and the key it is signed with.

    Whoever sequences holds its lock. The public key is pinned with the first entry, so that a
    lost key file is noticed instead of a second key taking over.
    """

    size = models.BigIntegerField(default=0)
    public_key = models.TextField(default="", blank=True)


class Cursor(models.Model):
    """How far a follower of the events has come; moved in the follower's own transaction.

    `position` is the next entry it reads. `retry_at` is set while it fails.
    """

    name = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = "订阅位置 Follower"
        verbose_name_plural = "订阅位置 Followers"

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"
