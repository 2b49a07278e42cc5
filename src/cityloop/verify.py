"""Check a receipt of the city's ledger. Standard library only, one file: read it, then trust it.

    python -m cityloop.verify receipt.json --key "city.example/ledger+1a2b3c4d+AbC..."

The key comes from somewhere else than the receipt: the city's notice board, a witness, a gazette.
Exit: 0 all checked; 1 does not hold; 2 unreadable; 3 proof holds, signature not checked.
Proofs: RFC 9162 sections 2.1.3.2 and 2.1.4.2. Checkpoints: C2SP tlog-checkpoint and signed-note.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

OK, FALSE, UNREADABLE, UNSIGNED = 0, 1, 2, 3


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def is_included(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Climb from the leaf to the root of the log of `size` entries."""
    if not 0 <= index < size:
        return False
    place, last = index, size - 1
    for other in proof:
        if last == 0 or len(other) != 32:
            return False
        if place & 1 or place == last:
            leaf = sha(b"\1" + other + leaf)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            leaf = sha(b"\1" + leaf + other)
        place, last = place >> 1, last >> 1
    return last == 0 and leaf == root


def is_beginning(first: int, second: int, proof: list[bytes], old: bytes, new: bytes) -> bool:
    """Is the log of `first` entries the unchanged beginning of the log of `second`?"""
    if not 0 <= first <= second or any(len(other) != 32 for other in proof):
        return False
    if first == second or first == 0:
        return not proof and old == (new if first == second else sha(b""))
    path = [old, *proof] if first & (first - 1) == 0 else proof
    if not proof:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    left = both = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            left, both = sha(b"\1" + other + left), sha(b"\1" + other + both)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            both = sha(b"\1" + both + other)
        place, last = place >> 1, last >> 1
    return last == 0 and left == old and both == new


def read_note(note: str) -> tuple[str, int, bytes, str]:
    """(origin, size, root, signed text) of a checkpoint."""
    text = note.rpartition("\n\n")[0] + "\n"
    lines = text.split("\n")
    return lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True), text


def signature_holds(note: str, key: str) -> bool | None:
    """Did `key` sign the note? None when the package `cryptography` is not installed."""
    name, stated, body = key.strip().split("+", 2)
    raw = base64.b64decode(body, validate=True)
    key_hash = sha(name.encode() + b"\n" + raw)[:4]
    origin, _, _, text = read_note(note)
    if raw[:1] != b"\1" or key_hash.hex() != stated or origin != name:
        return False
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    lines = [line.split(" ") for line in note.rpartition("\n\n")[2].splitlines()]
    blobs = [base64.b64decode(line[2]) for line in lines if line[:2] == ["—", name]]
    try:
        mine = [blob[4:] for blob in blobs if blob[:4] == key_hash]
        for signature in mine:
            Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return bool(mine)


def check(receipt: dict[str, Any], key: str | None) -> tuple[int, str]:
    """(exit code, sentence) for one receipt."""
    proof = [base64.b64decode(text, validate=True) for text in receipt["proof"]]
    if receipt["kind"] == "consistency":
        notes = [receipt["first"], receipt["second"]]
        (origin, first, old, _), (other, second, new, _) = read_note(notes[0]), read_note(notes[1])
        holds = origin == other and is_beginning(first, second, proof, old, new)
        what = f"log of {first} entries is the beginning of the log of {second} / 前 {first} 条未变"
    else:
        notes, index = [receipt["checkpoint"]], receipt["index"]
        origin, size, root, _ = read_note(notes[0])
        leaf = sha(b"\0" + receipt["entry"].encode()) if "entry" in receipt else None
        leaf = leaf or base64.b64decode(receipt["leaf"], validate=True)
        holds = size == receipt["size"] and is_included(leaf, index, size, proof, root)
        what = f"entry {index} is in the log of {size} entries / 第 {index} 条在 {size} 条的日志中"
    if not holds:
        return FALSE, f"FALSE: not shown that: {what}"
    signed = [signature_holds(note, key) for note in notes] if key else [None]
    if False in signed:
        return FALSE, "FALSE: the signature is not of this key / 签名不符"
    if None in signed:
        why = "no --key given" if not key else "the package 'cryptography' is not installed"
        return UNSIGNED, f"proof holds: {what}; signature NOT checked / 签名未验证: {why}"
    return OK, f"OK: {what}; signed by / 签名者 {origin}"


def main(arguments: list[str]) -> int:
    if len(arguments) not in {1, 3} or (len(arguments) == 3 and arguments[1] != "--key"):
        print(__doc__)
        return UNREADABLE
    try:
        receipt = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        code, sentence = check(receipt, arguments[2] if len(arguments) == 3 else None)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        code, sentence = UNREADABLE, f"UNREADABLE: {type(error).__name__}: {error}"
    print(sentence)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
