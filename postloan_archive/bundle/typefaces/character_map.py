"""The Unicode map of a font, looked up in place."""

import struct
from typing import Final

_UNICODE: Final = frozenset({(3, 1), (3, 10)})


class CharacterMap:
    """A font has 40,000 entries and a bundle needs 200, so nothing is read in advance."""

    def __init__(self, table: bytes) -> None:
        self._table: Final = table
        self._known: Final[dict[int, int]] = {}
        (count,) = struct.unpack_from(">H", table, 2)
        self._maps: Final[list[tuple[int, int]]] = []
        for index in range(count):
            platform, encoding, offset = struct.unpack_from(">HHL", table, 4 + 8 * index)
            (layout,) = struct.unpack_from(">H", table, offset)
            if layout in {4, 12} and (platform == 0 or (platform, encoding) in _UNICODE):
                self._maps.append((layout, offset))
        self._maps.sort(reverse=True)  # the full repertoire before the basic plane

    def glyph(self, code: int) -> int:
        """Return the glyph of a code point, 0 where there is none."""
        found = self._known.get(code)
        if found is None:
            found = next(filter(None, (self._look(m, code) for m in self._maps)), 0)
            self._known[code] = found
        return found

    def _look(self, place: tuple[int, int], code: int) -> int:
        layout, offset = place
        return self._groups(offset, code) if layout == 12 else self._segments(offset, code)  # noqa: PLR2004  # the format's own number

    def _groups(self, offset: int, code: int) -> int:
        (high,) = struct.unpack_from(">L", self._table, offset + 12)
        low = 0
        while low < high:
            middle = (low + high) // 2
            first, last, glyph = struct.unpack_from(
                ">LLL", self._table, offset + 16 + 12 * middle
            )
            if code < first:
                high = middle
            elif code > last:
                low = middle + 1
            else:
                return int(glyph + code - first)
        return 0

    def _segments(self, offset: int, code: int) -> int:
        (doubled,) = struct.unpack_from(">H", self._table, offset + 6)
        ends = struct.unpack_from(f">{doubled // 2}H", self._table, offset + 14)
        for index, end in enumerate(ends):
            if code > end:
                continue
            start_at = offset + 16 + doubled + 2 * index
            (start,) = struct.unpack_from(">H", self._table, start_at)
            if code < start:
                return 0
            (delta,) = struct.unpack_from(">h", self._table, start_at + doubled)
            range_at = start_at + 2 * doubled
            (jump,) = struct.unpack_from(">H", self._table, range_at)
            if not jump:
                return int(code + delta) & 0xFFFF
            (glyph,) = struct.unpack_from(
                ">H", self._table, range_at + jump + 2 * (code - start)
            )
            return int(glyph + delta) & 0xFFFF if glyph else 0
        return 0
