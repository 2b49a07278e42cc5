"""A Merkle root computed in one pass over the leaves, with O(log n) memory."""

from __future__ import annotations

from .hashing import NewHash, empty_root, node_hash, sha256


class Frontier:
    """The perfect subtrees that the leaves seen so far fall into, largest first."""

    def __init__(self, new_hash: NewHash = sha256) -> None:
        self._new_hash = new_hash
        self._peaks: list[tuple[int, bytes]] = []

    def push(self, root: bytes, height: int = 0) -> None:
        """Add a perfect subtree of 2^height leaves; the count so far is a multiple of that."""
        while self._peaks and self._peaks[-1][0] == height:
            left = self._peaks.pop()[1]
            root, height = node_hash(left, root, self._new_hash), height + 1
        self._peaks.append((height, root))

    def root(self) -> bytes:
        """Root over everything pushed."""
        if not self._peaks:
            return empty_root(self._new_hash)
        peaks = [root for _, root in self._peaks]
        reached = peaks.pop()
        while peaks:
            reached = node_hash(peaks.pop(), reached, self._new_hash)
        return reached

    def copy(self) -> Frontier:
        """An independent one, to look ahead with."""
        other = Frontier(self._new_hash)
        other._peaks = list(self._peaks)
        return other
