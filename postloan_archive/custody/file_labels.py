"""盒脊 and 标签 of a loan file: every size is that of the box, the roll or the sheet, in mm."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from postloan_archive.custody import labels
from postloan_archive.custody.file_papers import FileFacts
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.wordgen import Cell, Paper, Sheet, Words

SPINES: Final = (20, 30, 40, 50)  # mm
SPINE_HEIGHT: Final = 270.0  # mm; the longest that A4 holds, a box is 310 mm high
LABELS: Final[Mapping[str, tuple[float, float, int]]] = {  # width, height in mm, across
    "60x40": (60.0, 40.0, 1),
    "40x30": (40.0, 30.0, 1),
    "a4": (70.0, 37.0, 3),
}
ON_A4: Final = 24
_PIECE: Final = re.compile(r"[0-9A-Za-z]+|\S|　")


class SpineWidthError(RuleError):
    """A box has one of four widths."""

    field = "spine"

    def __init__(self) -> None:
        super().__init__(_l("盒脊厚度只能是 20、30、40 或 50 毫米。"))


def spine_words(facts: FileFacts) -> tuple[tuple[str, str], ...]:
    """Return the fields of the spine with their values, from the top down."""
    ends = f"1–{len(facts.lines)}" if facts.lines else "—"
    return (
        ("全宗号", facts.fonds or "—"),
        ("年度", facts.year),
        ("保管期限", facts.period),
        ("机构", facts.branch),
        ("起止件号", ends),
    )


def spine(facts: FileFacts, width: int) -> Paper:
    """Return 盒脊, exactly as wide as the box.

    Raises:
        SpineWidthError: no box is as wide.
    """
    if width not in SPINES:
        raise SpineWidthError
    narrow = width <= SPINES[0]
    small = Words(text="", size=7 if narrow else 9, centred=True)
    cells = [
        Cell(
            lines=(
                *(
                    Words(text=text, size=small.size, bold=bold, centred=True)
                    for label, value in spine_words(facts)
                    for text, bold in ((label, True), (value, False))
                ),
            ),
            pictures=((labels.square_image(facts.code), width - 5, width - 5),),
        ),
        Cell(
            lines=[
                Words(text=one, size=9 if narrow else 11, bold=True, centred=True)
                for one in _upright(f"{facts.customer}　{facts.contract_no}")
            ],
        ),
        Cell(
            lines=(
                Words(text=facts.code, size=6 if narrow else 8, centred=True),
                Words(text=facts.archive_no, size=5.5 if narrow else 7, centred=True),
            ),
        ),
    ]
    tall = (110.0, 140.0, 20.0)
    return Paper(
        blocks=tuple(
            Sheet(across=1, width=width, height=height, cells=(cell,))
            for height, cell in zip(tall, cells, strict=True)
        ),
        margins=(12, 10, 8, 20),
    )


def label_paper(codes: Sequence[tuple[str, str, str]], size: str, skip: int) -> Paper:
    """Return labels, each a code with two lines, on a roll or on a sheet of A4.

    Args:
        codes: code, first and second line of each label.
        size: a key of `LABELS`.
        skip: labels of the first sheet that are used up; only A4.
    """
    width, height, across = LABELS[size]
    cells = [Cell()] * (skip if size == "a4" else 0)
    small = height < 35  # noqa: PLR2004 - mm; the roll of 40 × 30
    for code, first, second in codes:
        cells.append(
            Cell(
                pictures=(
                    (labels.square_image(code), height * 0.38, height * 0.38),
                    (labels.bars_image(code), width - 6, height * 0.2),
                ),
                lines=(
                    Words(text=code, size=6.5 if small else 8, bold=True, centred=True),
                    Words(text=first, size=5.5 if small else 7, centred=True),
                    Words(text=second, size=5.5 if small else 7, centred=True),
                ),
            )
        )
    paper = (210.0, 297.0) if size == "a4" else (width, height)
    return Paper(
        blocks=(
            Sheet(
                across=across,
                width=width,
                height=height if size == "a4" else height - 1,
                cells=cells or [Cell()],
                ruled=False,
            ),
        ),
        size=paper,
        margins=(0.4, 0, 0, 0),
    )


def label_lines(facts: FileFacts) -> list[tuple[str, str, str]]:
    """Return the labels of a loan file: one for the volume, one for each original."""
    return [
        (facts.code, facts.archive_no, facts.loan_no),
        *((row.barcode, row.item_code, row.title[:24]) for row in facts.originals),
    ]


def _upright(text: str) -> list[str]:
    """Return the text as it is written from top to bottom: a Han character or a number a line.

    Word and other programs turn the direction of a field in different ways; lines are safe.
    """
    return _PIECE.findall(text)
