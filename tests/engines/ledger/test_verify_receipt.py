"""The auditor's file: run as a program, on receipts as they are handed out."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from tests.engines.ledger.ledger_samples import KEY, ORIGIN, checkpoint

from cityloop import verify
from cityloop.engines.ledger import (
    MemoryStore,
    SigningKey,
    TileLog,
    consistency_receipt,
    entry_bytes,
    inclusion_receipt,
    leaf_hash,
)
from cityloop.kernel.errors import DomainError

ENTRIES = [entry_bytes({"case": f"C{i}", "action": "立案"}) for i in range(300)]
LOG = TileLog(MemoryStore(), 0)
LOG.append([leaf_hash(entry) for entry in ENTRIES])
FIRST, SECOND = (checkpoint(LOG, size).signed_by(KEY) for size in (200, 300))
VKEY = KEY.verify_key.text
FILE = Path(verify.__file__)


def inclusion() -> dict[str, Any]:
    return inclusion_receipt(LOG, index=123, entry=ENTRIES[123], checkpoint=SECOND)


def consistency() -> dict[str, Any]:
    return consistency_receipt(LOG, first=FIRST, second=SECOND)


def program(tmp_path: Path, receipt: object, *more: str) -> tuple[int, str]:
    path = tmp_path / "receipt.json"
    path.write_text(receipt if isinstance(receipt, str) else json.dumps(receipt), encoding="utf-8")
    command = [sys.executable, "-X", "utf8", str(FILE), str(path), *more]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("receipt", [inclusion(), consistency()])
def test_true_receipt_is_ok_with_key_and_says_so_without(tmp_path, receipt):
    assert program(tmp_path, receipt, "--key", VKEY)[0] == 0
    code, said = program(tmp_path, receipt)
    assert code == 3
    assert "signature NOT checked" in said


def test_unreadable_receipt_is_refused_without_traceback(tmp_path):
    code, said = program(tmp_path, "{not json")
    assert (code, said[:10]) == (2, "UNREADABLE")


def test_auditor_file_imports_nothing_of_the_project():
    source = FILE.read_text(encoding="utf-8")
    assert "import cityloop" not in source
    assert "from cityloop" not in source
    assert source.count("\n") <= 120


def test_missing_cryptography_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    code, said = verify.check(inclusion(), VKEY)
    assert code == 3
    assert "'cryptography' is not installed" in said


def test_leaf_hash_may_stand_for_the_entry():
    receipt = inclusion()
    receipt["leaf"] = b64encode(leaf_hash(receipt.pop("entry").encode())).decode()
    assert verify.check(receipt, VKEY)[0] == 0


@pytest.mark.parametrize(
    "lie",
    [
        {"entry": ENTRIES[122].decode()},
        {"index": 122},
        {"size": 299},
        {"checkpoint": FIRST},
        {"checkpoint": SECOND.replace("\n300\n", "\n301\n"), "size": 301},
        {"proof": inclusion()["proof"][:-1]},
        {"proof": inclusion()["proof"][::-1]},
        {"checkpoint": checkpoint(LOG).signed_by(SigningKey.new(ORIGIN))},
        {"checkpoint": checkpoint(LOG).text + "\n"},
    ],
)
def test_lying_inclusion_receipt_is_false(lie):
    assert verify.check(inclusion() | lie, VKEY)[0] == 1


@pytest.mark.parametrize(
    "lie",
    [
        {"first": SECOND, "second": FIRST},
        {"proof": []},
        {"first": checkpoint(LOG, 199).signed_by(KEY)},
        {"second": SECOND.replace(ORIGIN, "other.example")},
        {"first": checkpoint(LOG, 200).signed_by(SigningKey.new(ORIGIN))},
    ],
)
def test_lying_consistency_receipt_is_false(lie):
    assert verify.check(consistency() | lie, VKEY)[0] == 1


def test_checkpoints_of_two_logs_are_not_consistent_even_unsigned():
    other = {"second": SECOND.replace(ORIGIN, "other.example")}
    assert verify.check(consistency() | other, None)[0] == 1


def test_key_whose_stated_hash_is_wrong_is_not_trusted():
    name, _, body = VKEY.split("+", 2)
    assert verify.check(inclusion(), f"{name}+00000000+{body}")[0] == 1


def test_receipt_of_entry_behind_the_checkpoint_is_refused():
    with pytest.raises(DomainError, match=r"ledger\.index_unknown"):
        inclusion_receipt(LOG, index=250, entry=ENTRIES[250], checkpoint=FIRST)
