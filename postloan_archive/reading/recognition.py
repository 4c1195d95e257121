"""Recognition of the words on a page image; runs in a worker of its own, one thread each.

The models are loaded once, from the wheel; there is no network to fetch others from.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import cv2
import numpy as np
import rapidocr

from postloan_archive.reading import drawing
from postloan_archive.reading.limits import Limits
from postloan_archive.reading.pages import clean
from postloan_archive.reading.refusals import NoPageError, NotRenderableError

Line = tuple[str, float, float, float, float, float]  # text, edges in fractions, confidence

_LONGEST: Final = 2_200  # pixels: 200 dots an inch on A4, with a little to spare
_HAN: Final = "[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
_BLANKS: Final = re.compile(f"(?<={_HAN})[ \t\u3000]+(?={_HAN})")
_SAME_ROW: Final = 0.5  # share of the lower box that two boxes of one row have in common
_INK: Final = 40  # of 255: how far from the ground a dot must be to count as ink
_SPARSE: Final = 0.3  # share of the rows with ink below which a page is read in bands
_BAND: Final = 736  # pixels: the detector enlarges what is smaller than this
_ENOUGH: Final = 3  # lines from which the way a page lies is judged
_QUARTER: Final = 90  # degrees
_HALF: Final = 180
_ON_ITS_HEAD: Final = "180"  # what the classifier says of such a line
_AROUND: Final = 48  # pixels of ground left around the ink

cv2.setNumThreads(1)
logging.disable(logging.CRITICAL)
_ENGINE: Final = rapidocr.RapidOCR(
    params={
        "Global.log_level": "critical",
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
)


_labels: list[str] = []  # of the lines of the last image, by the classifier of directions
_classify: Final = _ENGINE.cls_and_rotate


def _listened(images: Any) -> Any:  # noqa: ANN401 - the engine's own types
    """Turn the lines as the engine does, and keep what it found of each."""
    turned, found = _classify(images)
    _labels.extend(str(label) for label, _score in found.cls_res or ())
    return turned, found


setattr(_ENGINE, "cls_and_rotate", _listened)  # noqa: B010 - mypy knows it as a method


def _warm_up() -> None:
    """Load the models before the limits close around the worker."""
    sheet = np.full((80, 320, 3), 255, np.uint8)
    cv2.putText(sheet, "2024", (20, 60), cv2.FONT_HERSHEY_SIMPLEX, 2, (0, 0, 0), 4)
    _ENGINE(sheet)


_warm_up()


def ocr(request: dict[str, Any], limits: Limits) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield the lines of one page in reading order, and the text they make."""
    try:
        image = drawing.page_image(
            request["path"],
            request["media_type"],
            request["page_no"],
            width=_LONGEST,
            height=_LONGEST,
            limits=limits,
        )
    except NotRenderableError:
        yield {"not_renderable": request["media_type"]}, b""
        return
    except NoPageError as error:
        yield {"no_page": [error.facts["page_no"], error.facts["pages"]]}, b""
        return
    pixels = np.asarray(image)[:, :, ::-1]  # the engine expects blue first
    rows, turn = _upright(pixels)
    lines = [_turned_back(line, turn) for row in rows for line in row]
    chars = sum(len(line[0]) for line in lines)
    sure = sum(len(line[0]) * line[5] for line in lines)
    yield (
        {
            "text": "\n".join(_joined(row) for row in rows),
            "boxes": lines,
            "confidence": round(sure / chars, 4) if chars else 0.0,
            "turn": turn,
        },
        b"",
    )


def _upright(pixels: np.ndarray[Any, Any]) -> tuple[list[list[Line]], int]:
    """Return the rows of the page, and how far it must be turned clockwise to stand upright.

    A page that lies on its side shows tall boxes; one on its head lines that the classifier
    has turned round. Such a page is read again as it should stand, so that its lines follow
    one another as people read them.
    """
    turn = 0
    lines, heads, tall = _read(pixels)
    if len(lines) >= _ENOUGH and tall * 2 > len(lines):
        turn = _QUARTER
        lines, heads, _ = _read(_rotated(pixels, turn))
    if len(lines) >= _ENOUGH and heads * 2 > len(lines):
        turn += _HALF
        lines, _, _ = _read(_rotated(pixels, turn))
    return _rows(lines), turn


def _read(pixels: np.ndarray[Any, Any]) -> tuple[list[Line], int, int]:
    """Return the lines, how many of them stand on their heads, and how many on end."""
    lines: list[Line] = []
    heads = 0
    height, width = pixels.shape[:2]
    for top, bottom in _bands(pixels):
        _labels.clear()
        lines += _lines(pixels, top, bottom)
        heads += sum(label == _ON_ITS_HEAD for label in _labels)
    tall = sum((line[4] - line[2]) * height > (line[3] - line[1]) * width for line in lines)
    return lines, heads, tall


def _rotated(pixels: np.ndarray[Any, Any], turn: int) -> np.ndarray[Any, Any]:
    return np.ascontiguousarray(np.rot90(pixels, -turn // _QUARTER))


def _turned_back(line: Line, turn: int) -> Line:
    """Return the line with its edges on the page as it lies."""
    words, x0, y0, x1, y1, sure = line
    for _ in range(turn // _QUARTER):  # a quarter back, counter-clockwise
        x0, y0, x1, y1 = y0, 1 - x1, y1, 1 - x0
    return words, round(x0, 5), round(y0, 5), round(x1, 5), round(y1, 5), sure


def _bands(pixels: np.ndarray[Any, Any]) -> list[tuple[int, int]]:
    """Return from which row to which row to look for lines; none on a blank sheet.

    The detector looks at the page as a whole and overlooks a few words on a large white sheet,
    so a sparse page is shown to it in bands.
    """
    grey = pixels.mean(axis=2)
    inked = np.flatnonzero((np.abs(grey - np.median(grey)) > _INK).sum(axis=1) > 1)
    height = len(pixels)
    if not len(inked):
        return []
    if len(inked) >= _SPARSE * height:
        return [(0, height)]
    bands: list[tuple[int, int]] = []
    for row in map(int, inked):
        top, bottom = bands[-1] if bands else (-2 * height, -2 * height)
        if row - top < _BAND - 2 * _AROUND or row - bottom < _AROUND // 2:
            bands[-1] = (top, row)  # the second: do not cut through a line
        else:
            bands.append((row, row))
    return _widened(bands, height)


def _widened(bands: list[tuple[int, int]], height: int) -> list[tuple[int, int]]:
    """Return the bands with ground around them, but nothing of their neighbours."""
    tops = [0, *(bottom for _, bottom in bands[:-1])]
    bottoms = [*(top for top, _ in bands[1:]), height]
    return [
        (
            max(top - _AROUND, (top + above) // 2 if number else 0),
            min(bottom + _AROUND, (bottom + below) // 2 if below < height else height),
        )
        for number, ((top, bottom), above, below) in enumerate(
            zip(bands, tops, bottoms, strict=True)
        )
    ]


def _lines(pixels: np.ndarray[Any, Any], top: int, bottom: int) -> list[Line]:
    height, width = pixels.shape[:2]
    band = pixels[top:bottom]
    if len(band) < min(_BAND, height):
        ground = np.full((min(_BAND, height) - len(band), width, 3), np.median(band), np.uint8)
        band = np.concatenate((band, ground))
    found: Any = _ENGINE(np.ascontiguousarray(band))
    if found.boxes is None or not found.txts:
        return []
    lines = []
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        words = _BLANKS.sub("", clean(text)).strip()
        if words:
            across, down = box[:, 0] / width, (box[:, 1] + top) / height
            edges = (across.min(), down.min(), across.max(), down.max())
            x0, y0, x1, y1 = (round(float(min(max(edge, 0.0), 1.0)), 5) for edge in edges)
            lines.append((words, x0, y0, x1, y1, round(float(score), 4)))
    return lines


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Group boxes that stand side by side; rows from the top, boxes from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line[2] + line[4], line[1])):
        if rows and _side_by_side(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line[1]) for row in rows]


def _side_by_side(row: Sequence[Line], line: Line) -> bool:
    top = sum(other[2] for other in row) / len(row)
    bottom = sum(other[4] for other in row) / len(row)
    common = min(bottom, line[4]) - max(top, line[2])
    lower = min(bottom - top, line[4] - line[2])
    apart = all(line[1] >= other[3] - 0.01 or line[3] <= other[1] + 0.01 for other in row)
    return apart and common > _SAME_ROW * lower


def _joined(row: Sequence[Line]) -> str:
    return " ".join(line[0] for line in row)


STEPS: Final = {"ocr": ocr}
