"""The decoding processes: kept, replaced when killed, limited in memory and time."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest
from PIL import Image

from cityloop.engines.pictures import take_in
from cityloop.engines.pictures.decoders import DecoderPool
from cityloop.kernel.errors import DomainError
from tests.engines.pictures.pictures_made import colours, encoded

PHOTO = encoded(colours())


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    made = DecoderPool(size=1)
    yield made
    made.close()


def test_pool_starts_nothing_before_the_first_photo(pool: DecoderPool) -> None:
    assert pool.process_ids() == []


def test_same_process_takes_one_photo_after_the_other(pool: DecoderPool) -> None:
    take_in(PHOTO, pool=pool)
    first = pool.process_ids()
    take_in(PHOTO, pool=pool)
    assert len(first) == 1
    assert pool.process_ids() == first


def test_process_killed_between_photos_is_replaced(pool: DecoderPool) -> None:
    take_in(PHOTO, pool=pool)
    (killed,) = pool.process_ids()
    os.kill(killed, signal.SIGKILL)
    assert take_in(PHOTO, pool=pool).width == 64
    assert pool.process_ids() != [killed]


def test_process_is_replaced_after_its_share_of_photos() -> None:
    pool = DecoderPool(size=1, jobs_each=1)
    take_in(PHOTO, pool=pool)
    assert pool.process_ids() == []
    assert take_in(PHOTO, pool=pool).width == 64


def test_slow_photo_is_stopped_and_the_next_one_works(pool: DecoderPool) -> None:
    slow = encoded(Image.new("RGB", (7_000, 7_000)), "PNG", compress_level=1)
    take_in(PHOTO, pool=pool)
    with pytest.raises(DomainError) as caught:
        take_in(slow, pool=pool, timeout_s=0.02)
    assert caught.value.code == "photo.timeout"
    assert pool.process_ids() == []
    assert take_in(PHOTO, pool=pool).width == 64


def test_photo_beyond_the_memory_limit_is_refused_and_the_next_one_works() -> None:
    pool = DecoderPool(size=1, memory_bytes=220 << 20)
    large = encoded(Image.new("RGB", (7_000, 7_000)), "PNG", compress_level=1)
    with pytest.raises(DomainError) as caught:
        take_in(large, pool=pool)
    assert caught.value.code == "photo.damaged"
    assert take_in(PHOTO, pool=pool).width == 64
    pool.close()


def test_many_threads_share_few_processes() -> None:
    pool = DecoderPool(size=2)
    widths: list[int] = []
    threads = [
        threading.Thread(target=lambda: widths.append(take_in(PHOTO, pool=pool).width))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert widths == [64] * 8
    assert len(pool.process_ids()) <= 2
    pool.close()


def test_decoder_knows_no_secrets_of_ours(pool: DecoderPool) -> None:
    os.environ["CITYLOOP_TEST_SECRET"] = "hidden"
    try:
        take_in(PHOTO, pool=pool)
        (number,) = pool.process_ids()
        with open(f"/proc/{number}/environ", "rb") as stream:
            assert b"hidden" not in stream.read()
    except FileNotFoundError:
        pytest.skip("no /proc on this system")
    finally:
        del os.environ["CITYLOOP_TEST_SECRET"]


def test_process_killed_over_a_photo_costs_a_second_try_only(pool: DecoderPool) -> None:
    take_in(PHOTO, pool=pool)
    (number,) = pool.process_ids()
    os.kill(number, signal.SIGSTOP)  # holds the job without an answer
    widths: list[int] = []
    thread = threading.Thread(target=lambda: widths.append(take_in(PHOTO, pool=pool).width))
    thread.start()
    while pool.process_ids():  # until the job is with the process
        pass
    os.kill(number, signal.SIGKILL)
    thread.join()
    assert widths == [64]
