"""Binding 300 mixed pages, each stamped, against pypdf, pikepdf and qpdf in the same run.

Every contender joins the same files and stamps the same marks on each page. Each one runs in a
process of its own, so that what it holds in memory can be told.
"""

import importlib
import importlib.util
import io
import multiprocessing
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from PIL import Image

from postloan_archive.bundle import BundleSpec, CoverSheet, Exhibit, Source, build_bundle

Report = Callable[[dict[str, object]], None]

_PAGES: Final = 10  # in each file
_SCAN: Final = (1_240, 1_754)  # A4 at 150 dots an inch
_WORDS: Final = "借款人应按约定的期限和金额归还贷款本金及利息并承担实现债权的费用"
_COVER: Final = CoverSheet(
    court="示范市中级人民法院",
    parties=(("原告", "示范农村商业银行股份有限公司"), ("被告", "示范机械制造有限公司")),
    case="金融借款合同纠纷",
    title="证据材料",
    date=date(2026, 11, 24),
)


def run(report: Report, *, quick: bool) -> None:
    """Measure pages a second and memory of each contender.

    Args:
        report: takes one line for each measurement.
        quick: a tenth of the pages, fewer rounds.
    """
    scans, texts, rounds = (2, 1, 2) if quick else (20, 10, 5)
    with tempfile.TemporaryDirectory(prefix="postloan-bench-") as place:
        folder = Path(place)
        files = sources(folder, scans, texts)
        stamps = _stamps(folder, len(files) * _PAGES)
        size = sum(path.stat().st_size for path in files)
        found: dict[str, tuple[float, int]] = {}
        for name, contender in _CONTENDERS.items():
            missing = _missing(name)
            if missing:
                report({"bench": "bundle", "name": name, "skipped": missing})
            else:
                found[name] = _measured(contender, files, stamps, folder / "out.pdf", rounds)
        for name, (seconds, memory) in found.items():
            ratios = (
                {f"ratio_{peer}": round(found[peer][0] / seconds, 2) for peer in found}
                if name == "postloan"
                else {}
            )
            report(
                {
                    "bench": "bundle",
                    "name": name,
                    "pages": len(files) * _PAGES,
                    "per_s": round(len(files) * _PAGES / seconds),
                    "median_ms": round(seconds * 1000, 1),
                    **_memory(name, memory, size),
                    **{k: v for k, v in ratios.items() if k != "ratio_postloan"},
                }
            )


def _memory(name: str, memory: int, size: int) -> dict[str, object]:
    if name == "qpdf":
        return {}
    return {"rss_mb": round(memory / 2**20, 1), "memory_to_input": round(memory / size, 2)}


def _missing(name: str) -> str:
    if name == "qpdf":
        return "" if shutil.which("qpdf") else "no qpdf on the PATH"
    if name == "postloan" or importlib.util.find_spec(name) is not None:
        return ""
    return f"no {name}"


def _measured(
    contender: Callable[[list[Path], Path, Path], None],
    files: list[Path],
    stamps: Path,
    out: Path,
    rounds: int,
) -> tuple[float, int]:
    """Return the median seconds and the bytes by which the process grew.

    What qpdf holds is in a process of its own and not counted.
    """
    here, there = multiprocessing.Pipe(duplex=False)
    task = (contender, files, stamps, out, rounds, there)
    process = multiprocessing.get_context("spawn").Process(target=_child, args=task)
    process.start()
    there.close()
    seconds, memory = here.recv()
    process.join()
    return seconds, memory


def _child(  # the arguments of a process
    contender: Callable[[list[Path], Path, Path], None],
    files: list[Path],
    stamps: Path,
    out: Path,
    rounds: int,
    pipe: Connection,
) -> None:
    contender(files[:1], stamps, out)  # imports, faces
    before = _peak()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        contender(files, stamps, out)
        times.append(time.perf_counter() - start)
    pipe.send((statistics.median(times), _peak() - before))
    pipe.close()


def _peak() -> int:
    """Return the most memory this process has held, bytes; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def _ours(files: list[Path], _stamps: Path, out: Path) -> None:
    exhibits = [
        Exhibit(
            label=f"证据{number}",
            title="借款合同",
            purpose="证明借款关系成立。",
            source=Source(name=path.name, data=path),
        )
        for number, path in enumerate(files, 1)
    ]
    with out.open("wb") as stream:
        build_bundle(BundleSpec(cover=_COVER, exhibits=exhibits), stream)


def _pypdf(files: list[Path], stamps: Path, out: Path) -> None:
    pypdf: Any = importlib.import_module("pypdf")
    marks = iter(pypdf.PdfReader(stamps).pages)
    writer = pypdf.PdfWriter()
    for path in files:
        for page in pypdf.PdfReader(path).pages:
            writer.add_page(page).merge_page(next(marks))
    writer.write(out)


def _pikepdf(files: list[Path], stamps: Path, out: Path) -> None:
    pikepdf: Any = importlib.import_module("pikepdf")
    bound = pikepdf.Pdf.new()
    with pikepdf.open(stamps) as marks:
        for path in files:
            with pikepdf.open(path) as source:
                bound.pages.extend(source.pages)
        for page, mark in zip(bound.pages, marks.pages, strict=False):
            page.add_overlay(mark)
        bound.save(out)


def _qpdf(files: list[Path], stamps: Path, out: Path) -> None:
    names = [str(path) for path in files]
    subprocess.run(  # noqa: S603  # our own files
        ["qpdf", "--empty", "--pages", *names, "--", "--overlay", str(stamps), "--", str(out)],  # noqa: S607  # whichever is installed
        check=True,
    )


_CONTENDERS: Final = {"postloan": _ours, "pypdf": _pypdf, "pikepdf": _pikepdf, "qpdf": _qpdf}


def sources(folder: Path, scans: int, texts: int) -> list[Path]:
    """Write files of ten pages each, scans first, then texts; return their paths."""
    chance = random.Random(1)  # noqa: S311  # paper noise
    files = []
    for number in range(scans):
        path = folder / f"scan{number}.pdf"
        pages = [_scan(chance) for _ in range(_PAGES)]
        pages[0].save(path, save_all=True, append_images=pages[1:], quality=70)
        files.append(path)
    for number in range(texts):
        words = "".join(f"{n}、{_WORDS}（{number}）。\n" * 2 for n in range(39 * _PAGES // 2))
        source = Source(name="合同.txt", data=words.encode())
        exhibit = Exhibit(label="", title="合同", purpose="", source=source, pages=(1, _PAGES))
        held = io.BytesIO()
        build_bundle(BundleSpec(cover=_COVER, exhibits=[exhibit], stamped=False), held)
        whole = folder / "whole.pdf"
        whole.write_bytes(held.getvalue())
        path = folder / f"text{number}.pdf"
        _last_pages(whole, path)
        files.append(path)
    return files


def _scan(chance: random.Random) -> Image.Image:
    page = Image.effect_noise(_SCAN, 12).convert("RGB")
    ink = Image.new("RGB", (700, 6), "black")
    for line in range(120, _SCAN[1] - 120, 40):
        page.paste(ink.crop((0, 0, chance.randrange(300, 700), 6)), (200, line))
    return page


def _last_pages(whole: Path, path: Path, count: int = _PAGES) -> None:
    pypdf: Any = importlib.import_module("pypdf")
    writer = pypdf.PdfWriter()
    writer.append(whole, pages=(2, 2 + count), import_outline=False)
    writer.write(path)


def _stamps(folder: Path, count: int) -> Path:
    """Return a file of pages that bear the stamps and nothing else."""
    pypdf: Any = importlib.import_module("pypdf")
    blank, writer = folder / "blank.pdf", pypdf.PdfWriter()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    writer.write(blank)
    whole, path = folder / "stamped.pdf", folder / "stamps.pdf"
    _ours([blank], blank, whole)
    _last_pages(whole, path, count)
    return path
