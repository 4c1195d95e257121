"""What the image of a page shows: barcodes, ink or none; from a picture that a worker drew."""

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import zxingcpp
from PIL import Image

from postloan_archive.reading import (
    Limits,
    NoPageError,
    NotRenderableError,
    PageText,
    UnreadableError,
    render_page,
)

WIDTH: Final = 1_700  # pixels of an A4 page: 200 dots an inch, enough for the bars
MOST_PAGES: Final = 2_000
READERS: Final = 2
KEPT_TEXT: Final = 1_500  # characters of a page that suggestions look at
FORMATS: Final = zxingcpp.BarcodeFormats(
    [zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode]
)
_SMALL: Final = (300, 420)  # pixels in which ink is looked for
_EDGE: Final = 0.05  # share of each side that is the scanner's own shadow
_INK: Final = 48  # of 255: how much darker than the paper ink is
_SPECKS: Final = 0.0004  # share of the page that dust may cover
_LONGEST_CODE: Final = 300  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """One page of a waiting file."""

    no: int
    text: str
    blank: bool
    codes: tuple[str, ...]


def look_at(
    path: Path,
    media_type: str,
    pages: Sequence[PageText],
    *,
    limits: Limits,
    progress: Callable[[int], None],
) -> list[PageFacts]:
    """Return what is on every page; one that cannot be drawn is neither blank nor coded."""
    facts: list[PageFacts] = []

    def one(page: PageText) -> PageFacts:
        codes: tuple[str, ...] = ()
        blank = False
        try:
            image = render_page(path, media_type, page.no, width=WIDTH, limits=limits)
        except (UnreadableError, NoPageError, NotRenderableError):
            pass
        else:
            codes, blank = seen_on(image)
        return PageFacts(
            no=page.no,
            text=page.text[:KEPT_TEXT],
            blank=blank and not page.text.strip(),
            codes=codes,
        )

    with ThreadPoolExecutor(READERS) as readers:
        for number, found in enumerate(readers.map(one, pages[:MOST_PAGES]), start=1):
            facts.append(found)
            progress(number)
    return facts


def seen_on(image: bytes) -> tuple[tuple[str, ...], bool]:
    """Return the barcodes of a page image, from the top, and whether it is blank."""
    with Image.open(io.BytesIO(image)) as opened:
        grey = opened.convert("L")
    found = zxingcpp.read_barcodes(grey, formats=FORMATS)
    texts = (one.text for one in sorted(found, key=lambda one: one.position.top_left.y))
    codes = tuple(dict.fromkeys(text for text in texts if 0 < len(text) <= _LONGEST_CODE))
    return codes, not codes and _is_blank(grey)


def _is_blank(grey: Image.Image) -> bool:
    """Return whether there is no ink but dust; shadows at the edges do not count."""
    across, down = grey.size
    inner = grey.crop(
        (
            int(across * _EDGE),
            int(down * _EDGE),
            int(across * (1 - _EDGE)),
            int(down * (1 - _EDGE)),
        )
    )
    inner.thumbnail(_SMALL, Image.Resampling.BOX)
    shades = inner.histogram()
    dots = sum(shades)
    half, paper = 0, 255
    for shade, count in enumerate(shades):
        half += count
        if half * 2 >= dots:
            paper = shade
            break
    dark = sum(shades[: max(0, paper - _INK)])
    return dark <= dots * _SPECKS
