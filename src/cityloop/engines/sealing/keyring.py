"""Keys for fields: which one seals now, which ones still open, and the one for exact search.

Nonces are random 96 bits: rotate a key well before 2^32 values (NIST SP 800-38D section 8.3).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag

from cityloop.kernel.errors import DomainError

from .blind_index import blind_index
from .cipher import NONCE, Aead, new_cipher
from .secret_file import alone, mark_of, open_secret, read_secret, replace_secret
from .token_form import MARKS, Algorithm, bound, damaged, encoded, parts, utf8

KEY_BYTES = 32
INDEX = "index"  # the id of the search key: it must outlive every rotation
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class KeyRing:
    """Keys by id.

    Args:
        keys: 32 bytes each; the id "index" is the key of `blind_index` and seals nothing.
        current: id of the key that new values are sealed with.
        algorithm: "aes" (AES-256-GCM) or "sm4" (SM4-GCM) for new values; either opens both.
    Raises: DomainError("sealing.key_form", "sealing.key_unknown"), "sealing.no_sm4" when this
        build of `cryptography` lacks SM4.
    """

    def __init__(
        self, keys: Mapping[str, bytes], current: str, *, algorithm: Algorithm = "aes"
    ) -> None:
        for key_id, key in keys.items():
            if not _KEY_ID.fullmatch(key_id) or len(key) != KEY_BYTES:
                raise _key_form(key_id[:32])
        if current not in keys or current == INDEX:
            raise DomainError(
                "sealing.key_unknown",
                f"The current key {current!r} is not in the ring or may not seal; it has "
                f"{sorted(set(keys) - {INDEX})}.",
                f"当前密钥 {current!r} 不在密钥环中或不可用于加密，"
                f"可用的有 {sorted(set(keys) - {INDEX})}。",
                where="current",
            )
        self._keys, self.current, self.algorithm = dict(keys), current, algorithm
        self._ciphers: dict[tuple[str, str], Aead] = {}
        self._head = f"{MARKS[algorithm]}.{current}."
        self._cipher(MARKS[algorithm], current)

    def __repr__(self) -> str:
        return f"KeyRing(ids={self.key_ids}, current={self.current!r})"

    def look(self) -> None:
        """Take up a key that another process added to the file; sealing does so by itself."""

    def seal(self, plaintext: str, *, context: str) -> str:
        """A token that opens only with the same context.

        Args:
            plaintext: the value; may be empty.
            context: where it stands, "table:row id:field", never reused for another place.
        Raises: DomainError("sealing.not_text") for a text with lone surrogates,
            "sealing.no_context".
        """
        head = self._head  # read once: a ring that follows its file may change in between
        mark, name, _ = head.split(".")
        nonce = os.urandom(NONCE)
        body = self._cipher(mark, name).encrypt(nonce, utf8(plaintext), bound(head, context))
        return head + encoded(nonce + body)

    def unseal(self, token: str, *, context: str) -> str:
        """The text of a token.

        Raises: DomainError("sealing.wrong_key") when the ring lacks its key;
            "sealing.damaged" when the token was changed or belongs to another context.
        """
        mark, name, raw = parts(token)
        cipher = self._cipher(mark, name)
        try:
            place = bound(f"{mark}.{name}.", context)
            return cipher.decrypt(raw[:NONCE], raw[NONCE:], place).decode("utf-8")
        except InvalidTag as error:
            raise damaged(context) from error

    @property
    def head(self) -> str:
        """How every token begins that the current key and algorithm sealed."""
        return self._head

    def is_current(self, token: str) -> bool:
        """Was it sealed with the current key and algorithm?"""
        return token.startswith(self._head)

    def reseal(self, token: str, *, context: str) -> str:
        """The same value under the current key; the token itself when it already is.

        Raises: as `unseal`.
        """
        if self.is_current(token):
            return token
        return self.seal(self.unseal(token, context=context), context=context)

    def blind_index(self, value: str, purpose: str) -> str:
        """64 hex digits, equal for equal values of one purpose: see blind_index.py.

        Raises: DomainError("sealing.no_index_key", "sealing.not_a_phone").
        """
        if INDEX not in self._keys:
            raise DomainError(
                "sealing.no_index_key",
                f"The ring has no key {INDEX!r}, which exact search needs; it has {self.key_ids}. "
                "Add 32 random bytes; changing it means rebuilding every search column.",
                f"密钥环缺少精确检索所需的密钥 {INDEX!r}，请添加 32 字节随机密钥。",
                where="keys",
            )
        return blind_index(self._keys[INDEX], value, purpose)

    def _cipher(self, mark: str, name: str) -> Aead:
        if (mark, name) not in self._ciphers:
            self._ciphers[mark, name] = new_cipher(mark, self.key(name))
        return self._ciphers[mark, name]

    @property
    def key_ids(self) -> list[str]:
        """Ids, sorted. Not secret."""
        return sorted(self._keys)

    def key(self, key_id: str) -> bytes:
        """Raises: DomainError("sealing.wrong_key") when the ring does not have it."""
        if key_id not in self._keys:
            raise DomainError(
                "sealing.wrong_key",
                f"The value needs the key {key_id!r}; this ring has {self.key_ids}. "
                "Use the key file this value was sealed with.",
                f"该值需要密钥 {key_id!r}，当前密钥环只有 {self.key_ids}，请使用加密时的密钥文件。",
                where="key",
                status=409,
            )
        return self._keys[key_id]

    @classmethod
    def new(cls) -> KeyRing:
        """A random sealing key and a random search key."""
        key = secrets.token_bytes(KEY_BYTES)
        return cls({key_id(key): key, INDEX: secrets.token_bytes(KEY_BYTES)}, key_id(key))

    @classmethod
    def open(cls, path: Path, *, algorithm: Algorithm = "aes") -> KeyRing:
        """The ring of the file, made on the first run (mode 0600). Back it up: without it
        every sealed value is lost. A key that another process adds later is used at once.

        Raises: DomainError("sealing.key_form", "secret.open_to_others").
        """
        open_secret(path, lambda: cls.new().text)
        return _FileRing(path, algorithm)

    @classmethod
    def parse(cls, text: str, *, algorithm: Algorithm = "aes") -> KeyRing:
        """The ring of a text as `text` gives it, from a file or an environment variable.

        Raises: DomainError("sealing.key_form"); the message never shows a key.
        """
        try:
            stored = json.loads(text)
            keys = {name: base64.b64decode(body) for name, body in stored["keys"].items()}
            current = stored["current"]
        except (ValueError, LookupError, TypeError, AttributeError, binascii.Error) as error:
            raise _key_form("ring") from error
        return cls(keys, str(current), algorithm=algorithm)

    @property
    def text(self) -> str:
        """One line of JSON. Secret."""
        keys = {name: base64.b64encode(key).decode() for name, key in self._keys.items()}
        return json.dumps({"current": self.current, "keys": keys}, sort_keys=True)

    def with_new_key(self) -> KeyRing:
        """A ring that seals with a new key and still opens everything: the first step of a
        rotation. Then `reseal` the rows, then `without_key` the old one."""
        key = secrets.token_bytes(KEY_BYTES)
        keys = {**self._keys, key_id(key): key}
        return KeyRing(keys, key_id(key), algorithm=self.algorithm)

    def without_key(self, old: str) -> KeyRing:
        """A ring that has forgotten a key: what is still sealed with it is gone for good."""
        keys = {name: key for name, key in self._keys.items() if name != old}
        return KeyRing(keys, self.current, algorithm=self.algorithm)


class _FileRing(KeyRing):
    """The ring of a file as the file is now: a rotation needs no process started again."""

    def __init__(self, path: Path, algorithm: Algorithm) -> None:
        self._path, self._as_algorithm = path, algorithm
        self._follow(mark_of(path))

    def _follow(self, mark: object) -> None:
        newer = KeyRing.parse(read_secret(self._path), algorithm=self._as_algorithm)
        KeyRing.__init__(self, newer._keys, newer.current, algorithm=self._as_algorithm)
        self._mark = mark

    def look(self) -> None:
        mark = mark_of(self._path)
        if mark not in (self._mark, None):  # a file that is gone takes no key away from us
            self._follow(mark)

    def seal(self, plaintext: str, *, context: str) -> str:
        self.look()
        return super().seal(plaintext, context=context)

    def key(self, key_id: str) -> bytes:
        if key_id not in self._keys:
            self.look()
        return super().key(key_id)


def change_ring(path: Path, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
    """Put a changed ring in the place of the file's; one process at a time, so that no key that
    another one has just added is lost.

    Raises: DomainError("secret.missing", "secret.open_to_others", "sealing.key_form").
    """
    with alone(path):
        changed = change(KeyRing.parse(read_secret(path)))
        replace_secret(path, changed.text)
    return changed


def key_id(key: bytes) -> str:
    """An id that follows from the key, so that another key never goes by the same id."""
    return "k" + hashlib.sha256(b"cityloop key id" + key).hexdigest()[:10]


def _key_form(name: str) -> DomainError:
    return DomainError(
        "sealing.key_form",
        f"The key {name!r} is malformed. A ring is JSON "
        '{"current": id, "keys": {id: base64 of 32 bytes, "index": base64 of 32 bytes}}; '
        "ids have 1 to 32 letters, digits, '-' or '_'.",
        f"密钥 {name!r} 格式不正确。密钥环为 JSON，"
        '形如 {"current": id, "keys": {id: 32 字节的 base64}}，id 为 1 至 32 位字母数字。',
        where=name,
    )
