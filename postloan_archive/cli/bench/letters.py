"""Letters: the engine against docxtpl, the template check, a run into the database, PDF."""

import dataclasses
import importlib
import importlib.util
import io
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from postloan_archive import audit
from postloan_archive.access import branches
from postloan_archive.config import Settings
from postloan_archive.db.schema import migrate
from postloan_archive.jobs import JobContext, get_job
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.loans import lenders
from postloan_archive.loans import service as ledger
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.service import RegisterCustomer, RegisterLoan, Scheduled
from postloan_archive.notices import (
    barcodes,
    issuing_jobs,
    queries,
    run_letters,
    service,
    template_check,
)
from postloan_archive.notices.letters import DemandLetter
from postloan_archive.notices.run_letters import Group
from postloan_archive.notices.service import PlanRun
from postloan_archive.notices.templates import template_bytes
from postloan_archive.uow import System, UnitOfWork, open_system
from postloan_archive.wordgen import (
    Picture,
    compile_template,
    docx_text,
    docx_to_pdf,
    soffice_path,
)

Report = Callable[[dict[str, object]], None]

TODAY: Final = date(2026, 11, 24)
NOON: Final = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
DUE: Final = date(2026, 8, 24)
CLI: Final = Actor.program("cli")
BRANCH: Final = "0201"
LETTERS: Final = 3_000  # of the run into the database
QUICK_LETTERS: Final = 300
INCOMPLETE: Final = 60  # every so many-th borrower has no address: 50 of 3,000
PEER_LETTERS: Final = 20
ADDRESS: Final[dict[str, object]] = {
    "service_address": "示范县北街43号",
    "service_address_source": "合同",
}


def run(report: Report, *, quick: bool) -> None:
    """Measure on the template of N02 as it ships.

    Args:
        report: takes one line for each measurement.
        quick: fewer letters.
    """
    data = template_bytes(DemandLetter.template)
    letters = [_letter(number) for number in range(1_000 if quick else 5_000)]
    template = compile_template(data)
    cpu = time.process_time()
    spans = [_span(partial(template.render, letter)) for letter in letters]
    cpu = (time.process_time() - cpu) / len(letters)
    peer = _docxtpl(data, letters[:PEER_LETTERS])
    ratio = {} if peer is None else {"ratio_docxtpl": peer / cpu}
    _say(report, "engine_all_checks", spans, per_cpu_s=1 / cpu, **ratio)
    if peer is not None:
        report({"bench": "letters", "name": "peer_docxtpl", "per_cpu_s": round(1 / peer, 1)})
    checks = [
        _span(lambda: template_check.check(DemandLetter, data))
        for _ in range(10 if quick else 50)
    ]
    _say(report, "template_check", checks)
    compiled = [_span(lambda: compile_template(data)) for _ in range(10 if quick else 50)]
    _say(report, "compile_template", compiled)
    _store(report, QUICK_LETTERS if quick else LETTERS)
    _convert(report, [template.render(one) for one in letters[: 50 if quick else 200]])


def _letter(number: int) -> DemandLetter:
    """Return a letter with a text of usual length in every blank."""
    values = {
        spec.name: f"示范内容{number}甲乙丙丁" for spec in dataclasses.fields(DemandLetter)
    }
    steps = tuple(f"第{step}步：260,000.00 × 8.7% ÷ 360 × 105 天 & 余" for step in range(7))
    number_text = barcodes.number("N02", BRANCH, 2026, number + 1)
    return DemandLetter(
        **values  # type: ignore[arg-type]  # the two blanks that are no text come after
        | {"derivation": steps, "barcode": barcodes.picture(number_text)}
    )


def _docxtpl(data: bytes, letters: list[DemandLetter]) -> float | None:
    """Return the seconds of one core docxtpl takes for a letter; None where it is missing.

    Raises:
        AssertionError: the two engines do not print the same text.
    """
    if importlib.util.find_spec("docxtpl") is None:
        return None
    docxtpl = importlib.import_module("docxtpl")
    shared = importlib.import_module("docx.shared")
    ours = compile_template(data)
    spans = []
    for letter in letters:
        started = time.process_time()
        peer = docxtpl.DocxTemplate(io.BytesIO(data))
        values: dict[str, object] = {
            spec.name: getattr(letter, spec.name) for spec in dataclasses.fields(letter)
        }
        picture = letter.barcode
        assert isinstance(picture, Picture)
        values["barcode"] = docxtpl.InlineImage(
            peer,
            io.BytesIO(picture.data),
            width=shared.Mm(int(picture.width_mm)),
            height=shared.Mm(int(picture.height_mm)),
        )
        peer.render(values, autoescape=True)
        out = io.BytesIO()
        peer.save(out)
        spans.append(time.process_time() - started)
        assert docx_text(out.getvalue()) == docx_text(ours.render(letter))
    return statistics.mean(spans)


def _store(report: Report, count: int) -> None:
    """Check, number, write, file and register a run through the services, all syncs on.

    One borrower in sixty has no address: that letter is named and held back, the others go.
    """
    held_back = count // INCOMPLETE
    with tempfile.TemporaryDirectory(prefix="postloan-bench-", dir=Path.cwd()) as name:
        system = _installation(Path(name))
        with system.unit_of_work(CLI) as uow:
            _fill(uow, count)
        started, cpu = time.perf_counter(), time.process_time()
        with system.unit_of_work(CLI) as uow:
            run_id = service.plan_run(uow, PlanRun(kind="N02", as_of=TODAY)).id
            service.start_run(uow, run_id)
            job_id = queries.get_run(uow, run_id).job_id
        planned = time.perf_counter() - started
        with system.unit_of_work(CLI) as uow:
            job = get_job(uow.session, job_id or 0)
        issuing_jobs.issue_letters(system, JobContext(job))
        total = time.perf_counter() - started
        cpu = time.process_time() - cpu
        with system.unit_of_work(CLI) as uow:
            counts = run_letters.counts(uow, queries.get_run(uow, run_id))
        assert counts[Group.ISSUED] == count - held_back, counts
        assert counts[Group.ERRORS] == held_back, counts
        system.close()
    _rate(report, f"check_{count}_letters", count, planned)
    _rate(report, f"issue_{count - held_back}_letters", count - held_back, total - planned)
    _rate(
        report,
        f"run_of_{count}_checked_written_stored",
        count,
        total,
        per_cpu_s=count / cpu,
        held_back=held_back,
    )


def _convert(report: Report, letters: list[bytes]) -> None:
    soffice = soffice_path()
    if soffice is None:
        report({"bench": "letters", "name": "word_to_pdf", "skipped": "no LibreOffice"})
        return
    alone = _span(lambda: docx_to_pdf(letters[:1], soffice=soffice))
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    seconds = _span(lambda: docx_to_pdf(letters, soffice=soffice))
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - cpu
    _rate(
        report,
        "word_to_pdf_joined",
        len(letters),
        seconds,
        per_cpu_s=len(letters) / cpu,
        ratio_one_by_one=alone * len(letters) / seconds,
    )


def _installation(folder: Path) -> System:
    system = open_system(Settings(data=folder), clock=FrozenClock(NOON))
    migrate(system.engine)
    audit.create_key(folder)
    with system.unit_of_work(CLI) as uow:
        uow.index.create(uow.session)
    return system


def _fill(uow: UnitOfWork, count: int) -> None:
    branches.ensure(uow, code=BRANCH, name="示范支行", parent_code=None)
    lenders.describe_lender(uow, BRANCH, Lender(name="示范农商行", phone="010-12000000"))
    for number in range(count):
        without = number % INCOMPLETE == INCOMPLETE - 1
        address: dict[str, object] = {} if without else ADDRESS
        customer = ledger.register_customer(
            uow,
            RegisterCustomer(
                kind="person",
                name=f"借款人{number}",
                id_no=f"1001011990{number:08d}",
                branch_code=BRANCH,
                facts=address,
            ),
        )
        row = Scheduled(due_on=DUE, principal=Decimal(100_000), interest=Decimal("6083.33"))
        ledger.register_loan(
            uow,
            RegisterLoan(
                loan_no=f"JJ2025-{number:05d}",
                customer_id=customer.id,
                branch_code=BRANCH,
                contract_no=f"示农商借字2025第{number:05d}号",
                contract_name="个人借款合同",
                signed_on=date(2025, 8, 20),
                contract_amount=Decimal(100_000),
                principal=Decimal(100_000),
                annual_rate=Decimal(6),
                penalty_uplift=Decimal(50),
                day_basis=360,
                repayment_method="bullet",
                disbursed_on=date(2025, 8, 24),
                due_on=DUE,
                schedule=(row,),
                loan_facts={"pay_account": "0000 0201 2025 0001"},
            ),
        )


def _span(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def _say(report: Report, name: str, spans: list[float], **more: float) -> None:
    high = statistics.quantiles(spans, n=20)[-1] if len(spans) > 1 else spans[0]
    report(
        {
            "bench": "letters",
            "name": name,
            "per_s": round(len(spans) / sum(spans), 1),
            "median_ms": round(statistics.median(spans) * 1000, 3),
            "p95_ms": round(high * 1000, 3),
            **{key: round(value, 1) for key, value in more.items()},
        }
    )


def _rate(report: Report, name: str, count: int, seconds: float, **more: float) -> None:
    report(
        {
            "bench": "letters",
            "name": name,
            "count": count,
            "seconds": round(seconds, 3),
            "per_s": round(count / seconds, 1),
            **{key: round(value, 1) for key, value in more.items()},
        }
    )
