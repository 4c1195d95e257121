"""Recognition: two pages on two cores in the time that one page takes alone, or nearly."""

import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from postloan_archive.reading import OcrPool, ocr_available

Report = Callable[[dict[str, object]], None]

_FONTS: Final = (
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/System/Library/Fonts/PingFang.ttc",
)
_TEXT: Final = "贷款人有权要求借款人提前偿还全部贷款本金并支付逾期利息"
_SIZE: Final = (1_654, 2_339)  # A4 at 200 dots an inch
_LINES: Final = 24


def run(report: Report, *, quick: bool) -> None:
    """Measure one page alone, then two at once in two processes.

    Args:
        report: takes one line for each measurement.
        quick: fewer rounds.
    """
    font = next((path for path in _FONTS if Path(path).exists()), None)
    reason = ocr_available() or (None if font else "no Chinese font")
    if reason is not None or font is None:
        report({"bench": "ocr", "name": "page", "skipped": reason})
        return
    rounds = 2 if quick else 6
    pool = OcrPool(workers=2)
    try:
        with tempfile.TemporaryDirectory(prefix="postloan-bench-") as name:
            page = _page(Path(name) / "page.png", font)
            with ThreadPoolExecutor(2) as threads:

                def seconds(at_once: int) -> float:
                    start = time.perf_counter()
                    list(threads.map(lambda _: pool.page(page, "image/png", 1), range(at_once)))
                    return time.perf_counter() - start

                seconds(2)  # load the models in both
                alone = statistics.median(seconds(1) for _ in range(rounds))
                both = statistics.median(seconds(2) for _ in range(rounds))
    finally:
        pool.close()
    report(
        {
            "bench": "ocr",
            "name": "two_pages_two_cores",
            "per_s": round(2 / both, 3),
            "median_ms": round(alone * 1000, 1),
            "ratio_one_page_alone": round(both / alone, 2),
        }
    )


def _page(path: Path, font: str) -> Path:
    image = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(image)
    face = ImageFont.truetype(font, 44)
    for number in range(_LINES):
        draw.text((170, 200 + number * 80), f"{number + 1:02}{_TEXT}", font=face, fill="black")
    image.save(path, dpi=(200, 200))
    return path
