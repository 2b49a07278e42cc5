"""The two authenticated ciphers a field may be sealed with, behind the same two calls."""

from __future__ import annotations

import hashlib
import hmac
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cityloop.kernel.errors import DomainError

NONCE, TAG = 12, 16  # bytes


class Aead(Protocol):
    """Authenticated encryption; `decrypt` raises InvalidTag."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Ciphertext and tag, joined."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """The text of ciphertext and tag."""
        ...


def new_cipher(mark: str, key: bytes) -> Aead:
    """The cipher of a token mark: "v1" AES-256-GCM, "s1" SM4-GCM."""
    return AESGCM(key) if mark == "v1" else Sm4Gcm(key)


class Sm4Gcm:
    """SM4-GCM (GB/T 32907-2016); its 16-byte key is derived from the ring's 32."""

    def __init__(self, key: bytes) -> None:
        derived = hmac.new(key, b"cityloop sm4-gcm", hashlib.sha256).digest()[:16]
        self._algorithm = algorithms.SM4(derived)
        try:
            Cipher(self._algorithm, modes.GCM(bytes(NONCE))).encryptor()
        except UnsupportedAlgorithm as error:
            raise DomainError(
                "sealing.no_sm4",
                "This build of the package cryptography has no SM4-GCM; use the algorithm 'aes'.",
                "当前 cryptography 不支持 SM4-GCM，请改用 aes 算法。",
                where="algorithm",
            ) from error

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        cipher = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(associated_data)
        return cipher.update(data) + cipher.finalize() + cipher.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        mode = modes.GCM(nonce, data[-TAG:])
        cipher = Cipher(self._algorithm, mode).decryptor()
        cipher.authenticate_additional_data(associated_data)
        return cipher.update(data[:-TAG]) + cipher.finalize()
