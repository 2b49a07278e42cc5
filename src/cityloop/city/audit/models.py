"""One row an action. The same row is the trace, the ledger's entry and the outbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """What happened: append-only.

    `data` is public within the system (ids, codes, states, times; canonical JSON text).
    `private` holds free text that may name persons; only its commitment, keyed with `salt`,
    enters the ledger, so erasing both later leaves every proof valid.
    `position` is the leaf index, given by the sequencer; readers follow it without gaps.
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


class LedgerHead(models.Model):
    """One row: the size of the log. Whoever sequences holds its lock."""

    size = models.BigIntegerField(default=0)


class Cursor(models.Model):
    """How far a follower of the events has come; moved in the follower's own transaction."""

    name = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=0)
