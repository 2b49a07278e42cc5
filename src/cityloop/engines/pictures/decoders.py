"""A few processes that decode pictures, so that a hostile one takes down nothing of ours.

A process is started when the first photo comes and kept: starting costs a few hundred
milliseconds, a request over its socket one. The protocol is a frame each way: lengths, a JSON
head, the bytes.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).with_name("decoder_process.py")
_LENGTHS = struct.Struct(">III")
# Blocks of 16 MB that a process keeps for the next photo: those of 12 megapixels, a fifth faster.
_KEPT_MEMORY = {"PILLOW_BLOCKS_MAX": "8"}
_MAX_REPLY = 64 * 1024 * 1024
_JPEG_START = b"\xff\xd8\xff"


class DecoderLost(Exception):
    """The process ended while it worked, twice."""


class DecoderTimeout(Exception):
    """The process did not answer in time; it was ended."""


@dataclass(frozen=True)
class Job:
    data: bytes
    max_pixels: int
    long_side: int
    thumbnail_side: int

    def frame(self) -> bytes:
        head = json.dumps(
            {
                "max_pixels": self.max_pixels,
                "long_side": self.long_side,
                "thumbnail_side": self.thumbnail_side,
            }
        ).encode()
        return _LENGTHS.pack(len(head), len(self.data), 0) + head + self.data


@dataclass(frozen=True)
class Reply:
    head: dict[str, Any]
    jpeg: bytes
    thumbnail: bytes


class _Decoder:
    """One process and our end of its socket."""

    def __init__(self, memory_bytes: int) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            # -I: neither PYTHONPATH nor the working folder are looked at. No environment: the
            # process that handles hostile bytes knows no passwords.
            self.process = subprocess.Popen(  # noqa: S603 - fixed program, no shell
                [sys.executable, "-I", str(_PROGRAM), str(memory_bytes)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **_KEPT_MEMORY},
                close_fds=True,
            )
        self.socket = ours
        self.jobs_done = 0

    def ask(self, job: Job, deadline: float) -> Reply:
        self._arm(deadline)
        self.socket.sendall(job.frame())
        lengths = _LENGTHS.unpack(self._read(_LENGTHS.size, deadline))
        if sum(lengths) > _MAX_REPLY:
            raise ConnectionError("reply too long")
        head, jpeg, thumbnail = (self._read(length, deadline) for length in lengths)
        self.jobs_done += 1
        return _checked(head, jpeg, thumbnail)

    def _arm(self, deadline: float) -> None:
        self.socket.settimeout(max(0.001, deadline - time.monotonic()))

    def _read(self, length: int, deadline: float) -> bytes:
        parts = bytearray()
        while len(parts) < length:
            self._arm(deadline)
            part = self.socket.recv(min(length - len(parts), 1 << 20))
            if not part:
                raise ConnectionError("decoder ended")
            parts += part
        return bytes(parts)

    def end(self) -> None:
        self.socket.close()
        self.process.kill()
        self.process.wait()


def _checked(head: bytes, jpeg: bytes, thumbnail: bytes) -> Reply:
    """The answer, if it has the shape of one: a decoder that was taken over may write anything."""
    try:
        fields = json.loads(head)
    except ValueError as error:
        raise ConnectionError("reply is not JSON") from error
    if not isinstance(fields, dict):
        raise ConnectionError("reply is not an object")
    whole = "refused" in fields or (
        jpeg.startswith(_JPEG_START)
        and thumbnail.startswith(_JPEG_START)
        and isinstance(fields.get("claims"), dict)
        and all(isinstance(fields.get(side), int) for side in ("width", "height"))
    )
    if not whole:
        raise ConnectionError("reply is not complete")
    return Reply(fields, jpeg, thumbnail)


class DecoderPool:
    """At most `size` decoding processes, started when needed, replaced when lost.

    Args:
        size: processes at most; callers beyond it wait for their turn within their timeout.
        memory_bytes: address space of each.
        jobs_each: a process is replaced after so many pictures (decoders leak).
    """

    def __init__(self, *, size: int = 2, memory_bytes: int = 1 << 30, jobs_each: int = 500) -> None:
        self._memory_bytes = memory_bytes
        self._jobs_each = jobs_each
        self._size = size
        self._reset()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        """In a child of fork: the processes are its parent's, and so are their sockets."""
        for decoder in self._idle:
            decoder.socket.close()
        self._reset()

    def _reset(self) -> None:
        self._idle: list[_Decoder] = []
        self._lock = threading.Lock()
        self._turns = threading.BoundedSemaphore(self._size)

    def decode(self, job: Job, *, timeout_s: float) -> Reply:
        """The decoder's answer. A lost process is replaced and the job tried once more.

        Raises: DecoderTimeout, DecoderLost.
        """
        deadline = time.monotonic() + timeout_s
        if not self._turns.acquire(timeout=timeout_s):
            raise DecoderTimeout
        try:
            for _ in range(2):
                reply = self._try(job, deadline)
                if reply is not None:
                    return reply
            raise DecoderLost
        finally:
            self._turns.release()

    def _try(self, job: Job, deadline: float) -> Reply | None:
        decoder = self._take()
        keep = False
        try:
            reply = decoder.ask(job, deadline)
            keep = decoder.jobs_done < self._jobs_each
            return reply
        except TimeoutError:
            raise DecoderTimeout from None
        except OSError:
            return None
        finally:
            self._give_back(decoder, keep=keep)

    def _take(self) -> _Decoder:
        with self._lock:
            while self._idle:
                decoder = self._idle.pop()
                if decoder.process.poll() is None:
                    return decoder
                decoder.end()
        return _Decoder(self._memory_bytes)

    def _give_back(self, decoder: _Decoder, *, keep: bool) -> None:
        if not keep:
            decoder.end()
            return
        with self._lock:
            self._idle.append(decoder)

    def process_ids(self) -> list[int]:
        """Ids of the processes that wait for work."""
        with self._lock:
            return [decoder.process.pid for decoder in self._idle]

    def close(self) -> None:
        """End the waiting processes; the pool can be used again afterwards."""
        with self._lock:
            idle, self._idle = self._idle, []
        for decoder in idle:
            decoder.end()
