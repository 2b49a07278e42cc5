"""Signed notes (C2SP signed-note): a text and, below a blank line, signatures with key names.

Keys are Ed25519 in the textual forms of that specification, so that any of its verifiers works.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cityloop.engines.sealing.secret_file import open_secret
from cityloop.kernel.errors import DomainError

ED25519 = b"\x01"
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})\n")
_NAME = re.compile(r"[^\s+]{1,200}")


@dataclass(frozen=True)
class VerifyKey:
    """The public half: given to everybody who is to check signatures."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _checked_name(self.name)

    @property
    def key_hash(self) -> bytes:
        """4 bytes that tell keys of one name apart."""
        named = self.name.encode() + b"\n" + ED25519 + self.public
        return hashlib.sha256(named).digest()[:4]

    @property
    def text(self) -> str:
        """One line, `name+hash+key`, as other verifiers take it."""
        body = base64.b64encode(ED25519 + self.public).decode()
        return f"{self.name}+{self.key_hash.hex()}+{body}"

    @classmethod
    def parse(cls, text: str) -> VerifyKey:
        """Raises: DomainError("ledger.key_form")."""
        name, _, rest = text.strip().partition("+")
        stated, _, body = rest.partition("+")
        raw = _unbase64(body)
        if raw is None or len(raw) != 33 or raw[:1] != ED25519 or not _NAME.fullmatch(name):
            raise _key_form("name+hash+base64")
        key = cls(name, raw[1:])
        if key.key_hash.hex() != stated:
            raise _key_form("name+hash+base64")
        return key

    def signed(self, text: str, signature: bytes) -> bool:
        """Is this the signature of this key below this text?"""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """The private half: signs notes under its name."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        _checked_name(self.name)

    @classmethod
    def new(cls, name: str) -> SigningKey:
        """A random key."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def open(cls, path: Path, name: str) -> SigningKey:
        """The key of the file, made on the first run (mode 0600).

        Raises: DomainError("ledger.key_form"), "ledger.key_name" when the file holds the key of
            another name, "secret.open_to_others".
        """
        key = cls.parse(open_secret(path, lambda: cls.new(name).text + "\n"))
        if key.name != name:
            raise DomainError(
                "ledger.key_name",
                f"The key in {path} signs as {key.name!r}, asked for is {name!r}.",
                f"{path} 中的密钥名为 {key.name!r}，要求的是 {name!r}。",
                where=str(path),
            )
        return key

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """Raises: DomainError("ledger.key_form"); the message never shows the key."""
        parts = text.strip().split("+", 4)
        raw = _unbase64(parts[4]) if len(parts) == 5 and parts[:2] == ["PRIVATE", "KEY"] else None
        if raw is None or len(raw) != 33 or raw[:1] != ED25519 or not _NAME.fullmatch(parts[2]):
            raise _key_form("PRIVATE+KEY+name+hash+base64")
        return cls(parts[2], Ed25519PrivateKey.from_private_bytes(raw[1:]))

    @property
    def text(self) -> str:
        """One line for the key file. Secret."""
        body = base64.b64encode(ED25519 + self.private.private_bytes_raw()).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verify_key.key_hash.hex()}+{body}"

    @property
    def verify_key(self) -> VerifyKey:
        """The public half."""
        return VerifyKey(self.name, self.private.public_key().public_bytes_raw())


def sign_note(text: str, key: SigningKey) -> str:
    """The text with one signature below."""
    return text + "\n" + _signature_line(text, key)


def cosign_note(note: str, key: SigningKey) -> str:
    """The note with one more signature below: what a witness does."""
    text, _ = split_note(note)
    return note + _signature_line(text, key)


def _signature_line(text: str, key: SigningKey) -> str:
    signature = key.verify_key.key_hash + key.private.sign(text.encode())
    return f"— {key.name} {base64.b64encode(signature).decode()}\n"


def split_note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """The signed text, and (name, key hash, signature) of every line below it.

    Raises: DomainError("ledger.note_form").
    """
    text, blank, below = note.rpartition("\n\n")
    lines = below.splitlines(keepends=True)
    matches = [_SIGNATURE.fullmatch(line) for line in lines]
    if not blank or not lines or not all(matches):
        raise note_form("the text, a blank line, and lines '— name base64'", "…")
    found = []
    for match in matches:
        raw = _unbase64(match[2]) if match else None
        if match is None or raw is None or len(raw) < 5:
            raise note_form("a signature line '— name base64'", match[0].strip() if match else "")
        found.append((match[1], raw[:4], raw[4:]))
    return text + "\n", found


def verify_note(note: str, key: VerifyKey) -> str:
    """The text of the note, when `key` signed it. Lines of unknown keys are passed over.

    Raises: DomainError("ledger.note_form"), "ledger.note_unsigned" without a line of this key,
        "ledger.signature_wrong".
    """
    text, signatures = split_note(note)
    mine = [sig for name, hashed, sig in signatures if (name, hashed) == (key.name, key.key_hash)]
    if not mine:
        raise DomainError(
            "ledger.note_unsigned",
            f"The checkpoint carries no signature of {key.name!r} (key {key.key_hash.hex()}).",
            f"检查点没有 {key.name!r}（密钥 {key.key_hash.hex()}）的签名。",
            where="checkpoint",
        )
    if not all(key.signed(text, signature) for signature in mine):
        raise DomainError(
            "ledger.signature_wrong",
            f"The signature of {key.name!r} does not fit the checkpoint: it was changed or forged.",
            f"{key.name!r} 的签名与检查点不符：内容被改动或伪造。",
            where="checkpoint",
        )
    return text


def note_form(wanted: str, got: str) -> DomainError:
    """The refusal of a malformed note."""
    return DomainError(
        "ledger.note_form",
        f"The checkpoint is malformed: expected {wanted}, got {got[:80]!r}.",
        f"检查点格式不正确：应为 {wanted}，实际为 {got[:80]!r}。",
        where="checkpoint",
    )


def _checked_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise DomainError(
            "ledger.key_name",
            f"The key name {name!r} is not allowed: 1 to 200 characters, no space and no '+', "
            "usually a host and path such as city.example/ledger.",
            f"密钥名 {name!r} 不合规：1 至 200 个字符，不含空白和 +，例如 city.example/ledger。",
            where="name",
        )


def _key_form(form: str) -> DomainError:
    return DomainError(
        "ledger.key_form",
        f"The key is malformed; expected one line {form} with an Ed25519 key.",
        f"密钥格式不正确，应为一行 {form}（Ed25519）。",
        where="key",
    )


def _unbase64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
