"""Signed checkpoints: form, forgeries, keys on disk."""

from __future__ import annotations

import stat
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.ledger.ledger_samples import KEY, NOON, ORIGIN

from cityloop.engines.ledger import (
    Checkpoint,
    SigningKey,
    VerifyKey,
    cosign_note,
    read_checkpoint,
    verify_checkpoint,
)
from cityloop.engines.ledger.note import sign_note, verify_note
from cityloop.kernel.errors import DomainError

POINT = Checkpoint(ORIGIN, 7, bytes(range(32)), NOON)


def test_checkpoint_text_has_the_form_of_the_specification():
    lines = POINT.signed_by(KEY).split("\n")
    root = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert lines[:5] == [ORIGIN, "7", root, "time 2026-08-05T04:00:00Z", ""]
    assert lines[5].startswith(f"— {ORIGIN} ")
    assert lines[6:] == [""]


def test_note_of_the_go_implementation_is_made_and_verified_byte_for_byte():
    """The example of golang.org/x/mod/sumdb/note; Ed25519 is deterministic."""
    signer = SigningKey.parse(
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    )
    key = VerifyKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    note = (
        text + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
        "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert (signer.verify_key, sign_note(text, signer)) == (key, note)
    assert verify_note(note, key) == text


@given(st.integers(0, 2**60), st.binary(min_size=32, max_size=32), st.none() | st.datetimes())
def test_checkpoint_comes_back_from_its_note(size, root, naive):
    at = naive.replace(tzinfo=UTC, microsecond=0, year=2026, day=1) if naive else None
    point = Checkpoint(ORIGIN, size, root, at)
    assert verify_checkpoint(point.signed_by(KEY), KEY.verify_key) == point


def test_checkpoint_cosigned_by_witness_verifies_under_both_keys():
    witness = SigningKey.new("district.example/witness")
    note = cosign_note(POINT.signed_by(KEY), witness)
    assert verify_checkpoint(note, KEY.verify_key) == POINT
    assert verify_checkpoint(note, witness.verify_key, origin=ORIGIN) == POINT


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda note: note.replace("\n7\n", "\n8\n"), "ledger.signature_wrong"),
        (lambda note: note.replace("04:00:00Z", "05:00:00Z"), "ledger.signature_wrong"),
        (lambda note: note.replace("\n\n", "\nextra\n\n"), "ledger.signature_wrong"),
        (lambda note: note.replace(f"— {ORIGIN}", "— other"), "ledger.note_unsigned"),
        (lambda note: note.replace("\n\n", "\n"), "ledger.note_form"),
        (lambda note: note.rstrip("\n"), "ledger.note_form"),
        (lambda note: note + "\n", "ledger.note_form"),
        (lambda note: "", "ledger.note_form"),
        (lambda note: note.split("\n\n")[0] + "\n\n", "ledger.note_form"),
        (lambda note: note.replace("— ", "- "), "ledger.note_form"),
    ],
)
def test_changed_note_is_refused(change, code):
    with pytest.raises(DomainError) as refused:
        verify_checkpoint(change(POINT.signed_by(KEY)), KEY.verify_key)
    assert refused.value.code == code


def test_key_of_same_name_but_other_bytes_is_not_accepted():
    forger = SigningKey.new(ORIGIN)
    with pytest.raises(DomainError, match=r"ledger\.note_unsigned"):
        verify_checkpoint(POINT.signed_by(forger), KEY.verify_key)


def test_good_signature_beside_a_bad_one_of_the_same_key_is_refused():
    note = POINT.signed_by(KEY)
    bad = Checkpoint(ORIGIN, 8, bytes(32)).signed_by(KEY).split("\n\n")[1]
    with pytest.raises(DomainError, match=r"ledger\.signature_wrong"):
        verify_checkpoint(note + bad, KEY.verify_key)


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n07\nAAAA\n",
        f"{ORIGIN}\n-1\nAAAA\n",
        f"{ORIGIN}\n7\nnot base64!\n",
        f"{ORIGIN}\n7\nAAAA\n",
        f"{ORIGIN}\n7\n",
        f"\n7\n{'A' * 43}=\n",
        f"{ORIGIN}\n7\n{'A' * 43}=\ntime 2026-13-01T00:00:00Z\n",
        f"{ORIGIN}\n7\n{'A' * 43}=\ntime 2026-01-01T00:00:00Z\ntime 2026-01-02T00:00:00Z\n",
    ],
)
def test_signed_text_that_is_no_checkpoint_is_refused(text):
    with pytest.raises(DomainError, match=r"ledger\.note_form"):
        verify_checkpoint(sign_note(text, KEY), KEY.verify_key)


def test_checkpoint_of_another_log_is_refused():
    other = Checkpoint("other.example/ledger", 7, bytes(32)).signed_by(KEY)
    with pytest.raises(DomainError, match=r"ledger\.origin_other"):
        verify_checkpoint(other, KEY.verify_key)


def test_checkpoint_without_time_zone_is_refused():
    with pytest.raises(DomainError, match=r"ledger\.time_naive"):
        Checkpoint(ORIGIN, 7, bytes(32), datetime(2026, 8, 5))


def test_read_checkpoint_shows_without_checking():
    assert read_checkpoint(POINT.signed_by(SigningKey.new("anybody"))) == POINT


def test_key_opened_twice_is_the_same_and_private(tmp_path):
    path = tmp_path / "keys" / "ledger.key"
    first, second = SigningKey.open(path, ORIGIN), SigningKey.open(path, ORIGIN)
    assert first.verify_key == second.verify_key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["ledger.key"]


def test_key_file_open_to_others_is_refused(tmp_path):
    path = tmp_path / "ledger.key"
    SigningKey.open(path, ORIGIN)
    path.chmod(0o644)
    with pytest.raises(DomainError, match=r"secret\.open_to_others"):
        SigningKey.open(path, ORIGIN)


def test_key_of_another_name_is_refused(tmp_path):
    SigningKey.open(tmp_path / "ledger.key", ORIGIN)
    with pytest.raises(DomainError, match=r"ledger\.key_name"):
        SigningKey.open(tmp_path / "ledger.key", "other.example")


def test_malformed_keys_are_refused_without_being_shown():
    for parse in (SigningKey.parse, VerifyKey.parse):
        with pytest.raises(DomainError, match=r"ledger\.key_form") as refused:
            parse("PRIVATE+KEY+a b+c0ffee00+c2VjcmV0")
        assert "c2VjcmV0" not in str(refused.value)
    assert str(KEY.private) not in repr(KEY)


def test_verify_key_comes_back_from_its_text():
    assert VerifyKey.parse(KEY.verify_key.text) == KEY.verify_key
