"""Processes take turns at writing to one SQLite file."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path

import pytest

from cityloop.city import db


def test_a_writer_waits_until_the_other_process_is_done(tmp_path: Path) -> None:
    path, order = tmp_path / "city.sqlite3", []
    with path.with_name("city.sqlite3-turn").open("w") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)

        def ours() -> None:
            with db.turn_of_process(str(path)):
                order.append("ours")

        thread = threading.Thread(target=ours)
        thread.start()
        thread.join(0.05)
        order.append("theirs")
        fcntl.flock(theirs, fcntl.LOCK_UN)
        thread.join(30)
    assert order == ["theirs", "ours"]


def test_a_turn_is_given_back_also_after_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "city.sqlite3"
    with pytest.raises(OSError, match="full"), db.turn_of_process(str(path)):
        raise OSError("full")
    with path.with_name("city.sqlite3-turn").open("w") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_who_waited_too_long_goes_on_and_the_database_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "TURN_S", 0.0)
    path, done = tmp_path / "city.sqlite3", []
    with path.with_name("city.sqlite3-turn").open("w") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        with db.turn_of_process(str(path)):
            done.append(True)
        with path.with_name("city.sqlite3-turn").open("w") as third, pytest.raises(BlockingIOError):
            fcntl.flock(third, fcntl.LOCK_EX | fcntl.LOCK_NB)  # still theirs
    assert done == [True]


def test_a_database_in_memory_has_no_file_of_turns(tmp_path: Path) -> None:
    with db.turn_of_process("file:memorydb_default?mode=memory&cache=shared"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_who_stands_back_leaves_time_for_others_after_a_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, pauses = str(tmp_path / "city.sqlite3"), []
    monkeypatch.setattr(db.time, "sleep", pauses.append)
    monkeypatch.setattr(db, "_manners", {"stands_back": False})
    with db.turn_of_process(path):
        pass
    assert pauses == []
    db.stand_back()
    with db.turn_of_process(path):
        pass
    assert pauses == [db.BACK_S]


def test_it_is_known_whether_another_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "TURN_S", 0.0)
    monkeypatch.setattr(db, "_met", {"another": float("-inf")})
    path = tmp_path / "city.sqlite3"
    with db.turn_of_process(str(path)):
        pass
    assert not db.others_write()
    with path.with_name("city.sqlite3-turn").open("w") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        with db.turn_of_process(str(path)):
            pass
    assert db.others_write(within_s=60) and not db.others_write(within_s=-1)
