"""A whole litigation package: eight papers, exhibits of 240 pages, one PDF, proof, zip.

What is measured is what `postloan package build` does, from the facts in the database to the
frozen version in the vault. Once without LibreOffice, once with it; the first conversion of the
run warms the caches of the machine and is not counted.
"""

import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.cases import service as cases
from postloan_archive.cases.service import OpenCase
from postloan_archive.cli.bench.bundle import sources
from postloan_archive.cli.bench.installation import (
    CLI,
    LOAN,
    NOON,
    new_installation,
    register_loan,
)
from postloan_archive.config import Settings
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.litigation import freezing, service
from postloan_archive.uow import UnitOfWork, open_system
from postloan_archive.wordgen import soffice_path

Report = Callable[[dict[str, object]], None]

PAPERS: Final = ("P01", "A06", "A03", "A02", "P03", "A08", "A05")  # and the evidence list
ITEMS: Final = ("YJ01", "YJ02", "YJ06", "GL11", "BQ01", "YJ13")
FACTS: Final = {
    "agent_name": "苏明哲",
    "agent_post": "法律事务专员",
    "plaintiff_entity_type": "股份有限公司",
    "plaintiff_ownership": "国有参股",
    "facts.contract.place": "示范县",
    "post_code": "000000",
    "e_service_consent": "不同意",
    "assets": "不动产；北街43号商铺；示范县；借款人；400000.00",
}


def run(report: Report, *, quick: bool) -> None:
    """Measure freezing one package.

    Args:
        report: takes one line for each measurement.
        quick: fewer rounds; the package is the same.
    """
    rounds = 2 if quick else 5
    for name, office in (("without_office", "/nonexistent"), ("eight_papers_240_pages", "")):
        if not office and soffice_path("") is None:
            report({"bench": "package", "name": name, "skipped": "no LibreOffice"})
            continue
        with tempfile.TemporaryDirectory(prefix="postloan-bench-") as place:
            case_no = _made_apart(Path(place), office)
            system = open_system(
                Settings(data=Path(place) / "data", soffice=office), clock=FrozenClock(NOON)
            )
            before = _resident()
            try:
                frozen = freezing.freeze(system, CLI, case_no)
                spans, used = [], []
                for _ in range(rounds):
                    start, cpu = time.perf_counter(), _cpu_seconds()
                    freezing.freeze(system, CLI, case_no)
                    spans.append(time.perf_counter() - start)
                    used.append(_cpu_seconds() - cpu)
            finally:
                system.engine.dispose()
        report(
            {
                "bench": "package",
                "name": name,
                "per_s": round(1 / statistics.median(spans), 2),
                "median_ms": round(statistics.median(spans) * 1000),
                "p95_ms": round(max(spans) * 1000),
                "cpu_s": round(statistics.median(used), 2),
                "grown_mb": _resident() - before,
                "package_mb": frozen.size >> 20,
                "pages": frozen.pages,
            }
        )


def _made_apart(place: Path, office: str) -> str:
    """Make installation and scans in a process of its own; ours counts the freezing alone."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        return apart.submit(_make, place, office).result()


def _make(place: Path, office: str) -> str:
    system = new_installation(place / "data", office=office)
    try:
        with system.unit_of_work(CLI) as uow:
            return _fill(uow, place)
    finally:
        system.close()


def _cpu_seconds() -> float:
    """Return processor seconds of this process and of the children that have ended."""
    found = [
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return sum(one.ru_utime + one.ru_stime for one in found)


def _resident() -> int:
    """Return the most memory that this process has held so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _fill(uow: UnitOfWork, folder: Path) -> str:
    """Register loan, case and exhibits of 240 pages, 160 of them scans; return the case."""
    register_loan(uow)
    batch = archive.open_batch(uow, OpenBatch(source="cli"))
    for number, path in enumerate(sources(folder, 16, 8)):
        with path.open("rb") as stream:
            archive.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch.id,
                    loan_no=LOAN,
                    item_code=ITEMS[number % len(ITEMS)],
                    name=path.name,
                    title=f"材料{number + 1}",
                    stream=stream,
                ),
            )
    case = cases.open_case(uow, OpenCase(loan_no=LOAN, court="示范县人民法院"))
    cases.fill_in(uow, case.case_no, FACTS)
    service.open_package(uow, case.case_no)
    service.arrange(uow, case.case_no, volume_mb=None, papers=PAPERS)
    return case.case_no
