"""Check a receipt of the city's ledger. Standard library only, one file: read it, then trust it.

    python -m cityloop.verify receipt.json --key "city.example/ledger+1a2b3c4d+AbC..."

The key comes from somewhere else than the receipt: the city's notice board, a witness, a gazette.
Exit: 0 all checked; 1 does not hold; 2 unreadable; 3 proof holds, signature not checked.
"""

import argparse
import hashlib
import json
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def climb(place: int, last: int, proof: list[bytes], old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """The two roots a path leads to: `old` takes in left siblings only, `new` takes in all."""
    for other in proof:
        if last == 0 or len(other) != 32:
            return b"", b""
        if place & 1 or place == last:
            old, new = sha(b"\1", other, old), sha(b"\1", other, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = sha(b"\1", new, other)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else (b"", b"")


def is_included(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Is this the entry `index` of the log of `size` entries? RFC 9162 section 2.1.3.2."""
    return 0 <= index < size and climb(index, size - 1, proof, leaf, leaf)[1] == root


def is_beginning(first: int, second: int, proof: list[bytes], old: bytes, new: bytes) -> bool:
    """Is the log of `first` entries the beginning of the other? RFC 9162 section 2.1.4.2."""
    if first == 0 or first >= second or not proof:
        empty = first == 0 < second and old == sha()
        return not proof and (empty or (first == second and old == new))
    start, *path = [old, *proof] if first & (first - 1) == 0 else proof
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    return climb(place, last, path, start, start) == (old, new)


def read_note(note: str) -> tuple[str, int, bytes, str]:
    """(origin, size, root, signed text) of a checkpoint, C2SP tlog-checkpoint and signed-note."""
    text = note.rpartition("\n\n")[0] + "\n"
    origin, size, root, *_ = text.split("\n")
    if not size.isdecimal():
        raise ValueError("checkpoint without a size / 检查点缺少大小")
    return origin, int(size), b64decode(root, validate=True), text


def signature_holds(note: str, key: str) -> bool | None:
    """Did `key` sign the note? None when the package `cryptography` is not installed."""
    name, stated, body = key.strip().split("+", 2)
    raw, (origin, _, _, text) = b64decode(body, validate=True), read_note(note)
    mark = sha(name.encode(), b"\n", raw)[:4]
    if raw[:1] != b"\1" or mark.hex() != stated or origin != name:
        return False
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    lines = [line.split(" ") for line in note.rpartition("\n\n")[2].splitlines()]
    found = [b64decode(line[2]) for line in lines if line[:2] == ["—", name]]
    mine = [signature[4:] for signature in found if signature[:4] == mark]
    try:
        for signature in mine:
            Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return bool(mine)


def check(receipt: dict[str, Any], key: str | None) -> tuple[int, str]:
    """(exit code, sentence) for one receipt."""
    proof = [b64decode(text, validate=True) for text in receipt["proof"]]
    if receipt["kind"] == "consistency":
        notes = [receipt["first"], receipt["second"]]
        (origin, first, old, _), (other, second, new, _) = read_note(notes[0]), read_note(notes[1])
        holds = origin == other and is_beginning(first, second, proof, old, new)
        what = f"log of {first} entries is the beginning of the log of {second} / 前 {first} 条未变"
    else:
        notes, index = [receipt["checkpoint"]], receipt["index"]
        origin, size, root, _ = read_note(notes[0])
        entry = receipt.get("entry")
        leaf = b64decode(receipt["leaf"]) if entry is None else sha(b"\0", entry.encode())
        holds = size == receipt["size"] and is_included(leaf, index, size, proof, root)
        what = f"entry {index} is in the log of {size} entries / 第 {index} 条在 {size} 条的日志中"
    signed = [signature_holds(note, key) if key else None for note in notes]
    if not holds or False in signed:
        return 1, f"FALSE, {'signature / 签名' if holds else 'proof / 证明'}: not shown: {what}"
    if None in signed:
        why = "the package 'cryptography' is not installed" if key else "no --key given"
        return 3, f"proof holds: {what}; signature NOT checked / 签名未验证: {why}"
    return 0, f"OK: {what}; signed by / 签名者: {origin}"


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("receipt", type=Path)
    asked.add_argument("--key")
    given = asked.parse_args()
    try:
        code, sentence = check(json.loads(given.receipt.read_bytes()), given.key)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        code, sentence = 2, f"UNREADABLE / 无法读取: {type(error).__name__}: {error}"
    print(sentence)
    sys.exit(code)
