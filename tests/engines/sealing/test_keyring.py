"""Sealing: what opens, what must not, rotation, key files, exact search."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.engines.sealing import KeyRing, change_ring
from cityloop.engines.sealing.cipher import Sm4Gcm
from cityloop.engines.sealing.secret_file import open_secret, read_secret
from cityloop.kernel.errors import DomainError

PLACE = "people:17:phone"
RING = KeyRing.new()


def has_sm4() -> bool:
    try:
        Sm4Gcm(bytes(32))
    except DomainError:
        return False
    return True


def rings() -> list[KeyRing]:
    return [RING, KeyRing.parse(RING.text, algorithm="sm4")] if has_sm4() else [RING]


def code_of(act) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


@pytest.mark.parametrize("ring", rings(), ids=lambda ring: ring.algorithm)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_sealed_text_comes_back_in_its_place(ring, text):
    token = ring.seal(text, context=PLACE)
    assert ring.unseal(token, context=PLACE) == text
    assert token.startswith(("v1." if ring.algorithm == "aes" else "s1.") + ring.current + ".")


def test_same_text_sealed_twice_gives_different_tokens():
    assert RING.seal("13800138000", context=PLACE) != RING.seal("13800138000", context=PLACE)


def test_ring_opens_both_algorithms():
    if not has_sm4():
        pytest.skip("this build of cryptography has no SM4-GCM")
    aes, sm4 = rings()
    assert aes.unseal(sm4.seal("城", context=PLACE), context=PLACE) == "城"
    assert sm4.unseal(aes.seal("城", context=PLACE), context=PLACE) == "城"


def test_token_published_earlier_still_opens():
    """Golden: the stored form must never change under data that is already sealed."""
    ring = KeyRing({"k1": bytes(range(32))}, "k1")
    token = "v1.k1.AAECAwQFBgcICQoLop1Y_EtKTaqkjDONFliPPe9Stf1VZA"
    assert ring.unseal(token, context=PLACE) == "城环"


@pytest.mark.parametrize("ring", rings(), ids=lambda ring: ring.algorithm)
@pytest.mark.parametrize("other", ["people:18:phone", "people:17:name", "staff:17:phone"])
def test_token_moved_to_another_row_or_field_does_not_open(ring, other):
    token = ring.seal("13800138000", context=PLACE)
    assert code_of(lambda: ring.unseal(token, context=other)) == "sealing.damaged"


def test_token_under_another_ring_is_wrong_key():
    token = RING.seal("x", context=PLACE)
    assert code_of(lambda: KeyRing.new().unseal(token, context=PLACE)) == "sealing.wrong_key"


def test_token_under_other_bytes_of_the_same_key_id_does_not_open():
    one, two = (KeyRing({"k": bytes([i]) * 32}, "k") for i in (1, 2))
    token = one.seal("x", context=PLACE)
    assert code_of(lambda: two.unseal(token, context=PLACE)) == "sealing.damaged"


@pytest.mark.parametrize("ring", rings(), ids=lambda ring: ring.algorithm)
@given(st.data())
def test_token_with_any_character_changed_does_not_open(ring, data):
    token = ring.seal("1380013800"[: data.draw(st.integers(0, 3))], context=PLACE)
    at = data.draw(st.integers(0, len(token) - 1))
    char = data.draw(st.sampled_from("ABab01-_.+/= \n城"))
    changed = token[:at] + char + token[at + 1 :]
    if changed == token:
        return
    with pytest.raises(DomainError) as refused:
        opened = ring.unseal(changed, context=PLACE)
        pytest.fail(f"{changed!r} opened as {opened!r}")
    assert refused.value.code in {"sealing.damaged", "sealing.wrong_key"}


@pytest.mark.parametrize("token", ["", "v1", "v1..", "v1.k", "v9.k.AAAA", "v1.k1.A", "13800138000"])
def test_text_that_is_no_token_is_damaged(token):
    assert code_of(lambda: RING.unseal(token, context=PLACE)) == "sealing.damaged"


def test_token_written_in_another_way_does_not_open():
    """Base64 has spare bits and decoders pass over odd characters: one value, one token."""
    token = KeyRing({"k1": bytes(range(32))}, "k1").seal("", context=PLACE)
    ring = KeyRing({"k1": bytes(range(32))}, "k1")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(token[-1])
    for other in (token[:-1] + alphabet[last ^ 1], token[:9] + "!" + token[9:], token + "=="):
        assert code_of(lambda other=other: ring.unseal(other, context=PLACE)) == "sealing.damaged"


def test_token_cut_anywhere_does_not_open():
    token = RING.seal("13800138000", context=PLACE)
    for length in range(len(token)):
        with pytest.raises(DomainError):
            RING.unseal(token[:length], context=PLACE)


def test_seal_without_context_or_with_half_a_character_is_refused():
    assert code_of(lambda: RING.seal("x", context="")) == "sealing.no_context"
    assert code_of(lambda: RING.seal("\ud800", context=PLACE)) == "sealing.not_text"


def test_rotation_reseals_and_then_forgets_the_old_key():
    old = RING.seal("13800138000", context=PLACE)
    rotated = RING.with_new_key()
    new = rotated.reseal(old, context=PLACE)
    assert (rotated.is_current(old), rotated.is_current(new)) == (False, True)
    assert rotated.reseal(new, context=PLACE) == new
    bare = rotated.without_key(RING.current)
    assert bare.unseal(new, context=PLACE) == "13800138000"
    assert code_of(lambda: bare.unseal(old, context=PLACE)) == "sealing.wrong_key"
    assert bare.blind_index("x", "name") == RING.blind_index("x", "name")


def test_ring_opened_twice_is_the_same_and_private(tmp_path):
    path = tmp_path / "keys" / "fields.json"
    token = KeyRing.open(path).seal("x", context=PLACE)
    assert KeyRing.open(path).unseal(token, context=PLACE) == "x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["fields.json"]


def test_an_open_ring_takes_up_a_key_that_another_process_added(tmp_path):
    """Web and worker run on while the command changes the file."""
    path = tmp_path / "fields.json"
    running = KeyRing.open(path)
    old = running.seal("x", context=PLACE)
    changed = change_ring(path, KeyRing.with_new_key)
    assert running.unseal(changed.seal("y", context=PLACE), context=PLACE) == "y"
    new = running.seal("z", context=PLACE)
    assert new.startswith(changed.head) and not old.startswith(changed.head)
    assert running.unseal(old, context=PLACE) == "x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_open_ring_keeps_its_keys_when_the_file_is_gone(tmp_path):
    path = tmp_path / "fields.json"
    running = KeyRing.open(path)
    path.unlink()
    assert running.unseal(running.seal("x", context=PLACE), context=PLACE) == "x"


def test_two_changes_at_once_lose_no_key(tmp_path):
    path = tmp_path / "fields.json"
    KeyRing.open(path)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: change_ring(path, KeyRing.with_new_key).current, range(8)))
    assert {*made} <= {*KeyRing.open(path).key_ids}


def test_secret_made_by_another_process_meanwhile_wins(tmp_path):
    path = tmp_path / "secret"

    def slow() -> str:
        path.write_text("theirs")
        path.chmod(0o600)
        return "ours"

    assert open_secret(path, slow) == "theirs"


def test_key_file_missing_or_open_to_others_is_refused(tmp_path):
    path = tmp_path / "fields.json"
    assert code_of(lambda: read_secret(path)) == "secret.missing"
    KeyRing.open(path)
    path.chmod(0o640)
    assert code_of(lambda: KeyRing.open(path)) == "secret.open_to_others"


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"current": "k", "keys": {"k": "AAAA"}}', '{"current": "k", "keys": ["k"]}'],
)
def test_malformed_ring_is_refused(text):
    assert code_of(lambda: KeyRing.parse(text)) == "sealing.key_form"


def test_ring_without_its_current_key_is_refused():
    for current in ("k2", "index"):
        keys = {"k1": bytes(32), "index": bytes(32)}
        assert code_of(lambda keys=keys, c=current: KeyRing(keys, c)) == "sealing.key_unknown"


def test_ring_never_shows_its_keys():
    key = RING.key(RING.current)
    assert key.hex() not in repr(RING)
    assert "ids=" in repr(RING)


# --- exact search ------------------------------------------------------------------------------

WRITINGS = ["13800138000", "138-0013-8000", " 138 0013 8000 ", "+86 13800138000", "008613800138000"]


@pytest.mark.parametrize("written", [*WRITINGS, "8613800138000", "１３８００１３８０００"])
def test_phone_in_any_writing_has_one_index(written):
    assert RING.blind_index(written, "phone") == RING.blind_index("13800138000", "phone")


@pytest.mark.parametrize(
    ("value", "purpose"), [("13800138001", "phone"), ("13800138000", "fax"), ("86138001", "phone")]
)
def test_other_phone_or_purpose_has_another_index(value, purpose):
    assert RING.blind_index(value, purpose) != RING.blind_index("13800138000", "phone")


def test_identity_number_index_ignores_letter_case_only():
    index = RING.blind_index("11010519491231002X", "id_number")
    assert index == RING.blind_index("11010519491231002x", "id_number")
    assert index != RING.blind_index("110105194912310021", "id_number")


def test_index_differs_between_rings():
    assert RING.blind_index("a", "name") != KeyRing.new().blind_index("a", "name")


def test_index_without_digits_or_without_its_key_is_refused():
    assert code_of(lambda: RING.blind_index("none", "phone")) == "sealing.not_a_phone"
    bare = KeyRing({"k1": bytes(32)}, "k1")
    assert code_of(lambda: bare.blind_index("x", "name")) == "sealing.no_index_key"
