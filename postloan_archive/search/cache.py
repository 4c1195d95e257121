"""What a process keeps of committed states between queries; depends on no one's rights."""

import threading
from collections import OrderedDict
from typing import Final

from postloan_archive.search.shelves import Facts

_CACHE_BYTES: Final = 96 << 20

Key = tuple[object, ...]


class Cache:
    """Bit sets of words and facts of shelves, shared by the threads of one process.

    An entry holds for one epoch of a shelf: adding pages at the end keeps it useful, everything
    else that is done to a shelf ends the epoch. Only committed states get in.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._words: OrderedDict[Key, tuple[int, int]] = OrderedDict()
        self._facts: dict[Key, tuple[int, Facts]] = {}
        self._bytes = 0

    def word(self, key: Key) -> tuple[int, int] | None:
        """Return the size of the shelf when the word was looked up, and its pages."""
        with self._lock:
            entry = self._words.get(key)
            if entry is not None:
                self._words.move_to_end(key)
            return entry

    def keep_word(self, key: Key, size: int, bits: int) -> None:
        """Keep the pages of a word; the ones not asked for longest make room."""
        with self._lock:
            before = self._words.pop(key, None)
            if before is not None:
                self._bytes -= _weight(before[1])
            self._words[key] = size, bits
            self._bytes += _weight(bits)
            while self._bytes > _CACHE_BYTES:
                _, (_, dropped) = self._words.popitem(last=False)
                self._bytes -= _weight(dropped)

    def facts(self, key: Key) -> tuple[int, Facts] | None:
        """Return the epoch and the facts of a shelf."""
        return self._facts.get(key)

    def keep_facts(self, key: Key, epoch: int, facts: Facts) -> None:
        """Keep the facts of a shelf, in place of those of an older epoch."""
        with self._lock:
            self._facts[key] = epoch, facts


def _weight(bits: int) -> int:
    return 200 + bits.bit_length() // 8
