"""Text PDFs and small files, read alone and taken in as a whole, against bare pypdfium2.

Taken in: bytes to the vault with all syncs, rows, audit lines, reading, index. The peer
extracts the text of the same files as a plain script would, and keeps nothing.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pypdfium2 as pdfium

from postloan_archive.archive import reading_jobs
from postloan_archive.archive.intake import Delivery, Taken, take_in
from postloan_archive.cli.bench.installation import CLI, LOAN, new_installation, register_loan
from postloan_archive.jobs import JobRunner
from postloan_archive.reading import read_file
from postloan_archive.uow import System

Report = Callable[[dict[str, object]], None]

_FONT: Final = b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
_DESCENDANT: Final = (
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
    b"<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000>>"
)
_WORDS: Final = (
    "借款人应当按照合同约定的期限足额偿还贷款本金及利息"
    "逾期的自逾期之日起按约定计收罚息保证人承担连带责任"
)
_LINES: Final = 38
_ACROSS: Final = 36
_CORES: Final = 2


def run(report: Report, *, quick: bool) -> None:
    """Measure documents of 20 pages, then single pages, one reader and two at once.

    Args:
        report: takes one line for each measurement.
        quick: fewer files.
    """
    # In the current folder, so that the syncs reach a real volume.
    with tempfile.TemporaryDirectory(prefix="postloan-bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        long = _files(folder, "long", files=6 if quick else 30, pages=20)
        short = _files(folder, "short", files=100 if quick else 600, pages=1)
        for path in (long[0], short[0]):
            read_file(path, path.name)  # start the workers
            _bare(path)
        _measure(report, "text_pdf_20_pages", long)
        _measure(report, "text_pdf_1_page", short)
        small = _small(report, folder, files=200 if quick else 1_500)
        system = new_installation(folder / "data")
        try:
            with system.unit_of_work(CLI) as uow:
                register_loan(uow)
            _whole(report, system, "whole_text_pdf_20_pages", long, peer=True)
            _whole(report, system, "whole_text_pdf_1_page", short, peer=True)
            _whole(report, system, "whole_small_text", small, peer=False)
        finally:
            system.close()


def _measure(report: Report, name: str, files: list[Path]) -> None:
    bare_s, pages, _ = _timed(_bare, files)
    ours_s, _, spans = _timed(_ours, files)
    report(
        {
            "bench": "ingest",
            "name": name,
            "per_s": round(pages / ours_s, 1),
            "files_per_s": round(len(files) / ours_s, 1),
            "median_ms": round(statistics.median(spans) * 1000, 2),
            "p95_ms": round(statistics.quantiles(spans, n=20)[-1] * 1000, 2),
            "ratio_pdfium": round(bare_s / ours_s, 3),
        }
    )


def _whole(report: Report, system: System, name: str, files: list[Path], *, peer: bool) -> None:
    """Measure `postloan ingest` in this process: from the file to its words in the index."""
    runner = JobRunner(system.engine, reading_jobs.handlers(system), clock=system.clock)
    bare_s = _timed(_bare, files)[0] if peer else 0.0
    taken: list[Taken] = []
    start = time.perf_counter()
    take_in(system, CLI, Delivery(paths=tuple(files), loan_no=LOAN), runner, taken.append)
    seconds = time.perf_counter() - start
    assert {one.state for one in taken} == {"stored"}
    line: dict[str, object] = {
        "bench": "ingest",
        "name": name,
        "per_s": round(sum(one.pages for one in taken) / seconds, 1),
        "files_per_s": round(len(files) / seconds, 1),
        "median_ms": round(seconds / len(files) * 1000, 2),
    }
    report(line | ({"ratio_pdfium": round(bare_s / seconds, 3)} if peer else {}))


def _small(report: Report, folder: Path, *, files: int) -> list[Path]:
    """Measure small texts, one at a time and with one thread for each of two cores."""
    paths = []
    for number in range(files):
        path = folder / f"{number}.txt"
        path.write_text(f"催收记录 {number}\n{_WORDS * 5}\n", encoding="utf-8")
        paths.append(path)
    for at_once in (1, _CORES):
        with ThreadPoolExecutor(at_once) as threads:
            list(threads.map(_ours, paths[:20]))
            start = time.perf_counter()
            list(threads.map(_ours, paths))
            seconds = time.perf_counter() - start
        report(
            {
                "bench": "ingest",
                "name": f"small_text_{at_once}_at_once",
                "per_s": round(files / seconds, 1),
                "median_ms": round(seconds / files * 1000, 2),
            }
        )
    return paths


def _timed(
    read: Callable[[Path], int], files: Iterable[Path]
) -> tuple[float, int, list[float]]:
    spans, pages = [], 0
    for path in files:
        start = time.perf_counter()
        pages += read(path)
        spans.append(time.perf_counter() - start)
    return sum(spans), pages, spans


def _ours(path: Path) -> int:
    return len(read_file(path, path.name).pages)


def _bare(path: Path) -> int:
    """Extract the text as a plain script would."""
    document = pdfium.PdfDocument(str(path))
    for page in document:
        layer = page.get_textpage()
        layer.get_text_bounded()
        layer.close()
        page.close()
    pages = len(document)
    document.close()
    return pages


def _files(folder: Path, name: str, *, files: int, pages: int) -> list[Path]:
    paths = []
    for number in range(files):
        path = folder / f"{name}-{number}.pdf"
        path.write_bytes(text_pdf([_page(number * pages + page) for page in range(pages)]))
        paths.append(path)
    return paths


def _page(number: int) -> list[str]:
    """Return the lines of a page, a different text on each."""
    text = _WORDS * (_LINES * _ACROSS // len(_WORDS) + 2)
    shift = number % len(_WORDS)
    lines = [
        text[start + shift : start + shift + _ACROSS]
        for start in range(0, _LINES * _ACROSS, _ACROSS)
    ]
    return [f"第{number:06}号合同", *lines[1:]]


def text_pdf(pages: list[list[str]]) -> bytes:
    """Return a PDF with Chinese text in a standard font, one list of lines a page."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        _FONT + b"/DescendantFonts[4 0 R]>>",
        _DESCENDANT,
    ]
    for number, lines in enumerate(pages):
        shown = " T* ".join(f"<{line.encode('utf-16-be').hex()}> Tj" for line in lines)
        stream = f"BT /F1 12 Tf 18 TL 60 780 Td {shown} ET".encode()
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {6 + 2 * number} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>".encode()
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)
