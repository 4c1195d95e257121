"""Glyph outlines, read one by one, as simple TrueType glyphs without hints."""

import struct
from io import BytesIO
from typing import Any, Final

from fontTools.cffLib import CFFFontSet
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.ttProgram import Program

NO_HINTS: Final = Program()
NO_HINTS.fromBytecode(b"")


class CffOutlines:
    """Cubic outlines, turned into the quadratic ones that one embedding route needs."""

    def __init__(self, font: TTFont, table: bytes) -> None:
        fonts = CFFFontSet()
        fonts.decompile(BytesIO(table), font)
        self._top: Final[Any] = fonts.topDictIndex[0]
        self._subrs: Final[Any] = fonts.GlobalSubrs

    def draw(self, glyph: int) -> bytes:
        """Return the compiled glyph."""
        strings = self._top.CharStrings
        char = strings.charStringsIndex[glyph]
        if hasattr(self._top, "FDArray"):
            selected = self._top.FDSelect[glyph]
            char.private = self._top.FDArray[selected].Private
        else:
            char.private = self._top.Private
        char.globalSubrs = self._subrs
        pen = TTGlyphPen(None)
        char.draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        return _compiled(pen.glyph())


class GlyfOutlines:
    """Quadratic outlines; composed glyphs are flattened."""

    def __init__(self, glyf: bytes, loca: bytes, *, long: bool) -> None:
        self._glyf, self._loca, self._long = glyf, loca, long

    extended: Final = False  # fontTools asks; outlines of more than 65,535 glyphs

    def draw(self, glyph: int) -> bytes:
        """Return the compiled glyph."""
        flat = Glyph()
        points, ends, flags = self[glyph].getCoordinates(self)
        flat.numberOfContours = len(ends)
        flat.coordinates, flat.endPtsOfContours, flat.flags = points, list(ends), flags
        flat.program = NO_HINTS
        return _compiled(flat)

    def __getitem__(self, glyph: int | str) -> Any:  # noqa: ANN401  # fontTools has no types
        number = int(str(glyph).removeprefix("glyph"))
        if self._long:
            start, end = struct.unpack_from(">LL", self._loca, 4 * number)
        else:
            start, end = (2 * v for v in struct.unpack_from(">HH", self._loca, 2 * number))
        found = Glyph(self._glyf[start:end])
        found.expand(self)
        return found

    def getGlyphName(self, number: int) -> str:  # noqa: N802  # the name fontTools calls
        """Return the name of a component."""
        return f"glyph{number:05d}"


def _compiled(glyph: Any) -> bytes:  # noqa: ANN401  # fontTools has no types
    if not glyph.numberOfContours:
        return b""
    glyph.recalcBounds(None)
    data = bytes(glyph.compile(None, recalcBBoxes=False))
    return data + bytes(-len(data) % 4)
