"""Sealing single fields: AES-256-GCM (or SM4-GCM), bound to the place the value stands in.

A token is "v1.<key id>.<base64url of nonce, ciphertext, tag>"; "s1" marks SM4. The context (table,
row, field) is authenticated with it: a token copied to another row does not open there.
Nonces are random 96 bits: rotate a key well before 2^32 values (NIST SP 800-38D section 8.3).
The length of the text stays visible.
"""

from __future__ import annotations

import base64
import binascii
import os
from functools import lru_cache
from typing import Literal, Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cityloop.kernel.errors import DomainError

from .keyring import KeyRing

Algorithm = Literal["aes", "sm4"]
NONCE, TAG = 12, 16
_MARKS: dict[Algorithm, str] = {"aes": "v1", "sm4": "s1"}


class Aead(Protocol):
    """The two calls of an authenticated cipher."""

    def encrypt(self, nonce: bytes, data: bytes, associated: bytes, /) -> bytes:
        """Ciphertext and tag."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated: bytes, /) -> bytes:
        """The text. Raises: InvalidTag."""
        ...


class Sm4Gcm:
    """SM4-GCM (GB/T 32907-2016) with the calls of AESGCM; about 75 times slower in bulk."""

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.decrepit.ciphers import algorithms  # noqa: F401
