"""Pages of running text, and the page that stands in for one that cannot be read."""

from typing import Final

from postloan_archive.bundle.sheets.canvas import A4, Canvas, wrapped
from postloan_archive.bundle.typefaces import HEI, Ink

_LEFT: Final = 72.0
_RIGHT: Final = A4[0] - 72.0
_TOP: Final = 752.0
_SIZE: Final = 10.5
_LEADING: Final = 17.0
_LINES: Final = 39


def text_lines(ink: Ink, words: str) -> list[list[str]]:
    """Return the text cut into lines and pages."""
    lines = wrapped(ink, words, _RIGHT - _LEFT, size=_SIZE)
    return [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)] or [[]]


def text_sheet(ink: Ink, name: str, lines: list[str]) -> Canvas:
    """Return one page of a mail or text file, headed by the name of the file."""
    canvas = Canvas(ink)
    canvas.text(wrapped(ink, name, 330, size=8.5)[0], _LEFT, _TOP + 26, size=8.5)
    canvas.rule(_LEFT, _TOP + 20, _RIGHT, weight=0.4)
    for place, line in enumerate(lines):
        canvas.text(line, _LEFT, _TOP - place * _LEADING, size=_SIZE)
    return canvas


def notice_sheet(ink: Ink, facts: list[tuple[str, str]]) -> Canvas:
    """Return the page that names a page or file that could not be taken over, and why."""
    canvas = Canvas(ink)
    left, right, column = 92.0, A4[0] - 92.0, 96.0
    canvas.spread("本页无法编入", A4[0] / 2, 640, size=22, role=HEI, gap=4)
    at = 590.0
    canvas.rule(left, at, right, weight=0.9)
    for title, value in facts:
        lines = wrapped(ink, value, right - left - column - 20, size=12)[:12]
        high = len(lines) * 19 + 15
        canvas.centred(title, left + column / 2, at - high / 2 - 4.3, size=12, role=HEI)
        for place, line in enumerate(lines):
            canvas.text(line, left + column + 10, at - 20.5 - place * 19, size=12)
        at -= high
        canvas.rule(left, at, right, weight=0.35)
    canvas.rule(left, at, right, weight=0.9)
    canvas.upright(left + column, at, 590, weight=0.35)
    canvas.text(
        "本页代替原文件的相应页面，请提交人核对并补充可读的文件。", left, at - 28, size=10.5
    )
    return canvas
