"""Signed tree heads in the C2SP tlog-checkpoint form.

    city.example/ledger
    1048576
    <root, base64>
    time 2026-08-05T08:00:00Z

    — city.example/ledger <key hash and Ed25519 signature, base64>

The time is an extension line, which the form allows and other verifiers pass over.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cityloop.kernel.errors import DomainError

from .hashing import HASH_SIZE
from .note import SigningKey, VerifyKey, note_form, sign_note, split_note, verify_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_TIME = re.compile(r"time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")


@dataclass(frozen=True)
class Checkpoint:
    """What the log was at one moment.

    Args:
        origin: the name of the log; one log, one name, for ever.
        size: entries.
        root: 32 bytes.
        at: when it was signed, aware; whole seconds count.
    """

    origin: str
    size: int
    root: bytes
    at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.origin.strip() or not self.origin.isprintable():
            raise note_form("a printable origin on the first line", self.origin)
        if self.size < 0 or len(self.root) != HASH_SIZE:
            raise note_form("a size of 0 or more and a root of 32 bytes", f"{self.size}")
        if self.at is not None and self.at.tzinfo is None:
            raise DomainError(
                "ledger.time_naive",
                f"The checkpoint time {self.at} has no time zone; pass an aware UTC time.",
                f"检查点时间 {self.at} 没有时区，请使用带时区的 UTC 时间。",
                where="at",
            )

    @property
    def text(self) -> str:
        """The lines that are signed."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode()]
        if self.at is not None:
            lines.append(f"time {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
        return "\n".join(lines) + "\n"

    def signed_by(self, key: SigningKey) -> str:
        """The note that is stored, published and handed to witnesses."""
        return sign_note(self.text, key)


def verify_checkpoint(note: str, key: VerifyKey, *, origin: str | None = None) -> Checkpoint:
    """The checkpoint of a note that `key` signed.

    Args:
        origin: the log it must be of; the name of the key when None.
    Raises: DomainError("ledger.note_form", "ledger.note_unsigned", "ledger.signature_wrong",
        "ledger.origin_other").
    """
    checkpoint = _parse(verify_note(note, key))
    wanted = origin or key.name
    if checkpoint.origin != wanted:
        raise DomainError(
            "ledger.origin_other",
            f"The checkpoint is of the log {checkpoint.origin!r}, not of {wanted!r}.",
            f"该检查点属于日志 {checkpoint.origin!r}，而不是 {wanted!r}。",
            where="checkpoint",
        )
    return checkpoint


def read_checkpoint(note: str) -> Checkpoint:
    """What a note says, signature unchecked: for showing it, never for trusting it."""
    return _parse(split_note(note)[0])


def _parse(text: str) -> Checkpoint:
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        raise note_form("three lines or more, none empty", text)
    if not _SIZE.fullmatch(lines[1]):
        raise note_form("the size in decimal digits", lines[1])
    try:
        root = base64.b64decode(lines[2], validate=True)
    except binascii.Error as error:
        raise note_form("the root in base64", lines[2]) from error
    return Checkpoint(lines[0], int(lines[1]), root, _time(lines[3:]))


def _time(extensions: list[str]) -> datetime | None:
    times = [match[1] for line in extensions if (match := _TIME.fullmatch(line))]
    if len(times) > 1:
        raise note_form("one time line at most", " ".join(times))
    try:
        return datetime.fromisoformat(times[0]) if times else None
    except ValueError as error:
        raise note_form("a time that exists", times[0]) from error
