"""The glyphs a document uses, and the font subsets to embed for them."""

import struct
import zlib
from dataclasses import dataclass
from typing import Final

from postloan_archive.bundle.typefaces.faces import Typeface, Typefaces

_GETA: Final = "〓"  # printed where no face on this machine has the character
_UNITS: Final = 1000  # PDF glyph space
_ALIASES: Final = {"\u00a0": " ", "\u2011": "-", "\u2013": "-"}
_SKIPPED: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f")


class Ink:
    """The glyphs one document uses: text in, PDF strings out, at the end the subsets."""

    def __init__(self, typefaces: Typefaces) -> None:
        self.typefaces: Final = typefaces
        self._used: Final[list[dict[int, int]]] = [{} for _ in typefaces.faces]
        self._codes: Final[list[dict[int, str]]] = [{} for _ in typefaces.faces]
        self._written: Final[dict[tuple[str, str], tuple[int, str]]] = {}
        self._where: Final[dict[tuple[str, str], tuple[int, int, float]]] = {}

    def width(self, text: str, role: str, size: float) -> float:
        """Return how wide the text prints, in points."""
        return sum(self._find(c, role)[2] for c in text) * size

    def runs(self, text: str, role: str) -> list[tuple[int, str]]:
        """Return (face, hex string of glyph codes) for stretches of one face."""
        runs: list[tuple[int, str]] = []
        for character in text:
            if character in _SKIPPED:
                continue
            known = self._written.get((character, role))
            if known is None:
                face, glyph, _ = self._find(character, role)
                known = face, f"{self._code(face, glyph, character):04X}"
                self._written[character, role] = known
            if runs and runs[-1][0] == known[0]:
                runs[-1] = (known[0], runs[-1][1] + known[1])
            else:
                runs.append(known)
        return runs

    def _code(self, face: int, glyph: int, character: str) -> int:
        code = self._used[face].setdefault(glyph, len(self._used[face]) + 1)
        self._codes[face].setdefault(code, character)
        return code

    def _find(self, character: str, role: str) -> tuple[int, int, float]:
        key = (character, role)
        found = self._where.get(key)
        if found is None:
            found = self._where[key] = self._search(character, role)
        return found

    def _search(self, character: str, role: str) -> tuple[int, int, float]:
        if character in _SKIPPED:
            return 0, 0, 0.0
        for wanted in (character, _ALIASES.get(character, _GETA), _GETA, "?"):
            for face in self.typefaces.order(role):
                typeface = self.typefaces.faces[face]
                if glyph := typeface.glyph(wanted):
                    return face, glyph, typeface.advance(glyph) / typeface.units
        return next(self.typefaces.order(role)), 0, 1.0

    def subset(self, face: int) -> "Subset":
        """Return what to embed for one face; codes stay as `runs` gave them."""
        typeface = self.typefaces.faces[face]
        glyphs = [0, *self._used[face]]
        return Subset(
            name=f"{_tag(glyphs)}+{typeface.name}",
            program=_program(typeface, glyphs),
            widths=[round(typeface.advance(g) * _UNITS / typeface.units) for g in glyphs],
            to_unicode=_to_unicode(self._codes[face]),
            ascent=round(typeface.ascent * _UNITS / typeface.units),
            descent=round(typeface.descent * _UNITS / typeface.units),
            box=tuple(round(v * _UNITS / typeface.units) for v in typeface.box),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """One embedded face: the font program and what a PDF says about it (1/1000 em)."""

    name: str
    program: bytes
    widths: list[int]
    to_unicode: bytes
    ascent: int
    descent: int
    box: tuple[int, ...]


def _tag(glyphs: list[int]) -> str:
    value = zlib.crc32(repr(glyphs).encode())
    return "".join(chr(65 + value // 26**place % 26) for place in range(6))


def _program(typeface: Typeface, glyphs: list[int]) -> bytes:
    """Return a TrueType program with the tables that PDF asks for, and no others."""
    outlines = [typeface.outline(glyph) for glyph in glyphs]
    offsets, at = [0], 0
    for outline in outlines:
        at += len(outline)
        offsets.append(at)
    count = len(glyphs)
    box = typeface.box
    contours = max((struct.unpack_from(">h", o)[0] for o in outlines if o), default=0)
    advances = [typeface.advance(glyph) for glyph in glyphs]
    lefts = [struct.unpack_from(">h", o, 2)[0] if o else 0 for o in outlines]
    tables = {
        b"glyf": b"".join(outlines) or bytes(4),
        b"head": struct.pack(
            ">LLLLHHqqhhhhHHhhh",
            *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0, typeface.units, 0, 0),
            *(*box, 0, 6, 2, 1, 0),
        ),
        b"hhea": struct.pack(
            ">LhhhHhhhhhhhhhhhH",
            *(0x10000, typeface.ascent, typeface.descent, 0, max(advances), 0, 0, box[2]),
            *(1, 0, 0, 0, 0, 0, 0, 0, count),
        ),
        b"hmtx": b"".join(
            struct.pack(">Hh", *pair) for pair in zip(advances, lefts, strict=True)
        ),
        b"loca": struct.pack(f">{count + 1}L", *offsets),
        b"maxp": struct.pack(
            ">LHHHHHHHHHHHHHH", 0x10000, count, 4096, max(contours, 1), 0, 0, 2, 0, 0, 0, 0, 64,
            0, 0, 0,
        ),
    }  # fmt: skip
    return _assemble(tables)


def _assemble(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(
        ">LHHHH", 0x10000, count, power * 16, power.bit_length() - 1, count * 16 - power * 16
    )
    at = 12 + 16 * count
    directory, body = b"", b""
    for tag, data in sorted(tables.items()):
        padded = data + bytes(-len(data) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}L", padded)) & 0xFFFFFFFF
        directory += tag + struct.pack(">LLL", checksum, at, len(data))
        body += padded
        at += len(padded)
    return head + directory + body


def _to_unicode(codes: dict[int, str]) -> bytes:
    lines = [f"<{code:04X}> <{text.encode('utf-16-be').hex()}>" for code, text in codes.items()]
    blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode("ascii")
