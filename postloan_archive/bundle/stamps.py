"""Exhibit labels and page numbers: where they go on any page, and what they are made of."""

from dataclasses import dataclass
from typing import Final

from postloan_archive.bundle.output import exact, number
from postloan_archive.bundle.typefaces import HEI, SONG, Ink

STAMP_KEY: Final = "/PostloanStamp"  # marks the streams that `restamp` takes off again
FONT_PREFIX: Final = "PLF"  # resource names of our faces
STATE_NAME: Final = "PLG"  # resource name of the graphics state of the plate
_A4_SHORT: Final = 595.28  # points; sizes are those for A4 and grow with the page
_LABEL_SIZE: Final = 12.0
_NUMBER_SIZE: Final = 10.0
_EDGE: Final = 20.0  # from the edge of the visible page to the stamp
_RIGHT_ANGLE: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBox:
    """The visible part of a page in its own coordinates, and how viewers turn it."""

    left: float
    bottom: float
    right: float
    top: float
    rotate: int = 0  # clockwise: 0, 90, 180 or 270

    @property
    def width(self) -> float:
        """Return the width as seen, in points."""
        return self.top - self.bottom if self._lies else self.right - self.left

    @property
    def height(self) -> float:
        """Return the height as seen, in points."""
        return self.right - self.left if self._lies else self.top - self.bottom

    @property
    def _lies(self) -> bool:
        return self.rotate % 180 == _RIGHT_ANGLE

    def upright(self) -> bytes:
        """Return the operator after which (0, 0) is the lower left corner as seen."""
        a, b, c, d, e, f = {
            0: (1, 0, 0, 1, self.left, self.bottom),
            90: (0, 1, -1, 0, self.right, self.bottom),
            180: (-1, 0, 0, -1, self.right, self.top),
            270: (0, -1, 1, 0, self.left, self.top),
        }[self.rotate]
        return b" ".join(exact(v) for v in (a, b, c, d, e, f)) + b" cm"


def page_number_text(page: int, total: int) -> str:
    """Return what stands at the foot of a page."""
    return f"第 {page} 页 共 {total} 页"


class Stamper:
    """Stamps the pages of one document; a label is drawn once for each size of page."""

    def __init__(self, ink: Ink) -> None:
        self._ink: Final = ink
        self._labels: Final[dict[tuple[str, float, float], bytes]] = {}

    def paint(self, box: PageBox, *, label: str, foot: str) -> bytes:
        """Return the operators that stamp a page: the label above right, the number below.

        Each stands on a light plate so that it can be read on a dark scan, the scan showing
        through. On a page too narrow for its label everything shrinks to fit.
        """
        pieces = [b"/Artifact << /Type /Pagination >> BDC q", box.upright()]
        if foot:
            pieces.append(self._foot(box, foot))
        if label:
            key = (label, box.width, box.height)
            if key not in self._labels:
                self._labels[key] = self._label(box, label)
            pieces.append(self._labels[key])
        pieces.append(b"Q EMC")
        return b"\n".join(pieces)

    def _foot(self, box: PageBox, words: str) -> bytes:
        scale = min(box.width, box.height) / _A4_SHORT
        size, wide = self._fitted(words, SONG, _NUMBER_SIZE * scale, box.width * 0.9)
        left, base = (box.width - wide) / 2, min(_EDGE * scale, box.height / 4)
        plate = _plate(left - size * 0.4, base - size * 0.35, wide + size * 0.8, size * 1.4)
        return plate + b"\n" + text(self._ink, words, SONG, size, left, base)

    def _label(self, box: PageBox, words: str) -> bytes:
        scale = min(box.width, box.height) / _A4_SHORT
        size, wide = self._fitted(words, HEI, _LABEL_SIZE * scale, box.width * 0.8)
        pad = size * 0.5
        left = box.width - min(_EDGE * scale, box.width / 10) - wide - pad
        base = box.height - min(_EDGE * scale, box.height / 8) - size
        frame = (left - pad, base - size * 0.36, wide + 2 * pad, size * 1.6)
        edges = b" ".join(number(v) for v in frame)
        outline = b"%s w 0 G %s re S" % (number(0.7 * scale), edges)
        words_at = text(self._ink, words, HEI, size, left, base)
        return b"\n".join([_plate(*frame), outline, words_at])

    def _fitted(self, words: str, role: str, size: float, room: float) -> tuple[float, float]:
        """Return the size at which the words fit, and how wide they then are."""
        wide = self._ink.width(words, role, size)
        return (size, wide) if wide <= room else (size * room / wide, room)


def text(ink: Ink, words: str, role: str, size: float, left: float, base: float) -> bytes:
    """Return the operators that print one line at a place."""
    shown = []
    for face, codes in ink.runs(words, role):
        shown.append(b"/%s%d %s Tf <%s> Tj" % (
            FONT_PREFIX.encode(), face, number(size), codes.encode(),
        ))  # fmt: skip
    return b"BT 0 g 0 Tr %s %s Td %s ET" % (number(left), number(base), b" ".join(shown))


def _plate(left: float, bottom: float, wide: float, high: float) -> bytes:
    sizes = b" ".join(number(v) for v in (left, bottom, wide, high))
    return b"q /%s gs 1 g %s re f Q" % (STATE_NAME.encode(), sizes)
