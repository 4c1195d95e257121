"""Chinese typefaces on this machine: finding, opening and measuring them."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from fontTools.ttLib import TTFont, TTLibError

from postloan_archive.bundle.faults import NoChineseTypefaceError
from postloan_archive.bundle.typefaces.character_map import CharacterMap
from postloan_archive.bundle.typefaces.outlines import CffOutlines, GlyfOutlines

SONG: Final = "song"  # the book face of running text
HEI: Final = "hei"  # the sans-serif face of titles and stamps

_FOLDERS: Final = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
# File names as the makers spell them, best first; the face wanted inside a collection follows.
_SONG_FILES: Final = (
    ("NotoSerifCJK-Regular.ttc", "SC"),
    ("NotoSerifCJKsc-Regular.otf", ""),
    ("NotoSerifSC-Regular.otf", ""),
    ("SourceHanSerifSC-Regular.otf", ""),
    ("SourceHanSerif.ttc", "SC"),
    ("simsun.ttc", "SimSun"),
    ("Songti.ttc", "SC"),
    ("uming.ttc", "CN"),
)
_HEI_FILES: Final = (
    ("NotoSansCJK-Bold.ttc", "SC"),
    ("NotoSansCJK-Regular.ttc", "SC"),
    ("NotoSansCJKsc-Bold.otf", ""),
    ("NotoSansSC-Bold.otf", ""),
    ("SourceHanSansSC-Bold.otf", ""),
    ("SourceHanSans.ttc", "SC"),
    ("simhei.ttf", ""),
    ("msyhbd.ttc", ""),
    ("msyh.ttc", ""),
    ("STHeiti Medium.ttc", "SC"),
    ("PingFang.ttc", "SC"),
    ("wqy-microhei.ttc", "Micro Hei"),
    ("wqy-zenhei.ttc", "Zen Hei"),
)


class Typeface:
    """One face on disk; glyphs are read one by one, so a 20 MB collection costs little."""

    def __init__(self, path: Path, face: str) -> None:
        self.path: Final = path
        with path.open("rb") as stream:  # closed again: glyphs come from memory
            font = _open(stream, face)
            head, hhea = font["head"], font["hhea"]
            self.units: Final = int(head.unitsPerEm)
            self.ascent: Final = int(hhea.ascent)
            self.descent: Final = int(hhea.descent)
            self.box: Final = (int(head.xMin), int(head.yMin), int(head.xMax), int(head.yMax))
            self.name: Final = _postscript_name(font, path)
            reader = font.reader
            self._cmap: Final = CharacterMap(reader["cmap"])
            self._hmtx: Final = reader["hmtx"]
            self._long_metrics: Final = int(hhea.numberOfHMetrics)
            self._outlines: Final = (
                CffOutlines(font, reader["CFF "])
                if "CFF " in font
                else GlyfOutlines(
                    reader["glyf"], reader["loca"], long=head.indexToLocFormat == 1
                )
            )
        self._drawn: Final[dict[int, bytes]] = {}

    def glyph(self, character: str) -> int:
        """Return the glyph of a character, 0 where the face has none."""
        return self._cmap.glyph(ord(character))

    def advance(self, glyph: int) -> int:
        """Return the width of a glyph in font units."""
        index = min(glyph, self._long_metrics - 1)
        return int(struct.unpack_from(">H", self._hmtx, index * 4)[0])

    def outline(self, glyph: int) -> bytes:
        """Return the glyph as one simple TrueType glyph without hints; empty if blank."""
        if glyph not in self._drawn:
            self._drawn[glyph] = self._outlines.draw(glyph)
        return self._drawn[glyph]


def _open(stream: BinaryIO, face: str) -> TTFont:
    """Return the wanted face of a collection, the first one where there is no such face."""
    count = 1
    if stream.read(4) == b"ttcf":
        stream.seek(8)
        (count,) = struct.unpack(">L", stream.read(4))
    stream.seek(0)
    fonts = [
        TTFont(stream, fontNumber=number if count > 1 else -1, lazy=True)
        for number in range(count if face else 1)
    ]
    for font in fonts:
        names = {str(font["name"].getDebugName(which) or "") for which in (1, 4)}
        if any(face in name and "Mono" not in name for name in names):
            return font
    return fonts[0]


def _postscript_name(font: TTFont, path: Path) -> str:
    raw = str(font["name"].getDebugName(6) or path.stem)
    return "".join(c for c in raw if c.isascii() and (c.isalnum() or c == "-")) or "Chinese"


@dataclass(frozen=True, slots=True)
class Typefaces:
    """The faces of one product installation: role → face, and what fills gaps."""

    song: int
    hei: int
    faces: tuple[Typeface, ...]

    def order(self, role: str) -> Iterator[int]:
        """Yield the numbers of the faces to try, the one of the role first."""
        first = self.hei if role == HEI else self.song
        yield first
        yield from (n for n in range(len(self.faces)) if n != first)


@lru_cache(maxsize=4)
def load_typefaces(chosen: str = "") -> Typefaces:
    """Return the faces to print with.

    Args:
        chosen: path of the operator's own font (`Settings.cjk_font`), or empty; it then prints
            everything, and the faces found in the usual places fill its gaps.

    Raises:
        NoChineseTypefaceError: no usable font was found, or `chosen` cannot be read.
    """
    faces: list[Typeface] = []
    if chosen:
        try:
            faces.append(Typeface(Path(chosen), ""))
        except (OSError, TTLibError, struct.error, KeyError) as error:
            raise NoChineseTypefaceError(path=chosen) from error
    found = {path.name: path for folder in _FOLDERS for path in _font_files(folder)}
    song = _first(found, _SONG_FILES)
    hei = _first(found, _HEI_FILES)
    usable = [face for face in (song, hei) if face is not None]
    faces += usable
    if not faces:
        raise NoChineseTypefaceError(path="")
    if chosen or len(usable) == 1:
        return Typefaces(song=0, hei=0, faces=tuple(faces))
    return Typefaces(song=0, hei=1, faces=tuple(faces))


def _font_files(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return ()
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".ttc", ".ttf", ".otf"})


def _first(found: dict[str, Path], wanted: Sequence[tuple[str, str]]) -> Typeface | None:
    for name, face in wanted:
        if name in found:
            try:
                return Typeface(found[name], face)
            except (OSError, TTLibError, struct.error, KeyError):
                continue
    return None
