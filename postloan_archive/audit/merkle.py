"""The Merkle tree of RFC 6962: roots, proofs that a line is in it, proofs that it only grew."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

RangeHash = Callable[[int, int], bytes]
"""Root of the leaves from the first number up to, not including, the second."""


def leaf_hash(line: bytes) -> bytes:
    """Return the hash of one leaf."""
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two smaller than `size`, which is 2 or more."""
    return 1 << (size - 1).bit_length() - 1


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    peaks = Peaks()
    peaks.extend(leaves)
    return peaks.root()


class Peaks:
    """The roots of the complete subtrees of a growing tree: all that is needed to go on."""

    __slots__ = ("_stack", "size")

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[bytes] = []

    def push(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        self._push(leaf, 0)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaf hashes in order; several times faster than one by one."""
        start = 0
        while left := len(leaves) - start:
            # The largest complete subtree that begins here and is full.
            level = left.bit_length() - 1
            if self.size:
                level = min(level, (self.size & -self.size).bit_length() - 1)
            nodes = list(leaves[start : start + (1 << level)])
            start += len(nodes)
            while len(nodes) > 1:
                pairs = zip(nodes[::2], nodes[1::2], strict=True)
                nodes = [hashlib.sha256(b"\x01" + one + two).digest() for one, two in pairs]
            self._push(nodes[0], level)

    def _push(self, node: bytes, level: int) -> None:
        index, stack = self.size >> level, self._stack
        while index & 1:
            node = node_hash(stack.pop(), node)
            index >>= 1
        stack.append(node)
        self.size += 1 << level

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        if not self._stack:
            return EMPTY_ROOT
        result = self._stack[-1]
        for peak in reversed(self._stack[:-1]):
            result = node_hash(peak, result)
        return result


def inclusion_path(index: int, size: int, range_hash: RangeHash) -> list[bytes]:
    """Return the hashes from leaf `index` up to the root of `size` leaves, lowest first."""
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            path.append(range_hash(middle, high))
            high = middle
        else:
            path.append(range_hash(low, middle))
            low = middle
    path.reverse()
    return path


def is_included(
    leaf: bytes, *, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Return whether the path proves the leaf hash at `index` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, result = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            result = node_hash(step, result)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            result = node_hash(result, step)
        position, last = position >> 1, last >> 1
    return last == 0 and result == root


def consistency_path(old: int, new: int, range_hash: RangeHash) -> list[bytes]:
    """Return the hashes that prove that the tree of `new` leaves begins with that of `old`.

    `old` is at least 1 and at most `new`; the proof of a tree with itself is empty.
    """
    if old == new:
        return []
    path: list[bytes] = []
    low, high, whole = 0, new, True  # whole: the old root itself is known to the checker
    while old != high - low:
        middle = split(high - low)
        if old <= middle:
            path.append(range_hash(low + middle, high))
            high = low + middle
        else:
            path.append(range_hash(low, low + middle))
            low, old, whole = low + middle, old - middle, False
    if not whole:
        path.append(range_hash(low, high))
    path.reverse()
    return path


def is_consistent(
    *, old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Return whether the path proves that only leaves were added (RFC 9162, 2.1.4.2)."""
    if not 1 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, step)
        position, last = position >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root
