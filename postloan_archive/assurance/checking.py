"""Carrying a four-property check out: facts from rows, trail, vault; a signed report kept."""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select

from postloan_archive import audit
from postloan_archive.archive.models import Document, IntakeBatch, IntakeFile
from postloan_archive.assurance.gathering import facts_of, last_backup, papers_of
from postloan_archive.assurance.models import PropertyReport
from postloan_archive.assurance.rules.properties import (
    ITEMS,
    NOT_LOOKED_AT,
    FileFacts,
    Outcome,
    Weight,
    check,
)
from postloan_archive.audit.line import canonical_json
from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import FixityError, NotFoundError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan
from postloan_archive.uow import System, UnitOfWork

ARRIVALS: Final = "check_arrivals"
YEARLY: Final = "check_year"
PERIODIC: Final = (
    Periodic(kind=ARRIVALS, every=timedelta(days=1), offset=timedelta(hours=5)),
    Periodic(kind=YEARLY, every=timedelta(days=1), offset=timedelta(hours=5, minutes=30)),
)
OCCASIONS: Final = {
    "intake": _l("接收"),
    "filing": _l("归档"),
    "transfer": _l("移交"),
    "yearly": _l("年度"),
}
AT_ONCE: Final = 100  # loan files of one look
YEAR: Final = timedelta(days=365)


class ReportNotFoundError(NotFoundError):
    """No such report, or not for this actor."""

    def __init__(self) -> None:
        super().__init__(_l("没有这份检测报告。"))


class BatchNotFoundError(NotFoundError):
    """No such batch."""

    def __init__(self) -> None:
        super().__init__(_l("没有这个批次。"))


class ReportChangedError(FixityError):
    """A kept report no longer fits its signature."""

    def __init__(self) -> None:
        super().__init__(_l("检测报告与其签名不符。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A report with its text."""

    row: PropertyReport
    text: dict[str, Any]
    signed: bool


def check_loan(uow: UnitOfWork, loan_no: str, occasion: str = "filing") -> PropertyReport:
    """Check one loan file, every stored byte included, and keep the signed report.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        NoKeyError: the site has no key to sign with.
    """
    loan = loans.get_loan(uow, loan_no)
    outcomes = [check(facts_of(uow, loan, read=True), uow.clock.today())]
    return _keep(uow, occasion, f"案卷 {loan.loan_no}", outcomes, loan_id=loan.id)


def check_batch(uow: UnitOfWork, batch_id: int) -> PropertyReport:
    """Check what one delivery brought.

    Raises:
        BatchNotFoundError: no such batch.
        NoKeyError: the site has no key to sign with.
    """
    batch = uow.session.get(IntakeBatch, batch_id)
    if batch is None:
        raise BatchNotFoundError
    received = uow.session.scalar(
        select(func.count()).select_from(IntakeFile).where(IntakeFile.batch_id == batch_id)
    )
    documents = list(
        uow.session.scalars(
            select(Document)
            .join(IntakeFile, IntakeFile.document_id == Document.id)
            .where(IntakeFile.batch_id == batch_id, Document.withdrawn_at.is_(None))
            .order_by(Document.id)
            .distinct()
        )
    )
    facts = FileFacts(
        label=f"批次 {batch_id}",
        papers=tuple(papers_of(uow, documents, read=True)),
        expected=batch.expected,
        received=received if batch.expected is not None else None,
        backup_on=last_backup(uow),
    )
    outcome = check(facts, uow.clock.today())
    return _keep(uow, "intake", facts.label, [outcome], batch_id=batch_id)


def check_year(system: System, actor: Actor) -> int:
    """Check every loan file and return the id of the report.

    Stored bytes are not read again here: the rolling check reads each file in thirty days, and
    what it found last counts; a file that it has not come to is item D2.

    Raises:
        NoKeyError: the site has no key to sign with.
    """
    outcomes: list[Outcome] = []
    after: str | None = None
    while True:
        with system.look(actor) as uow:
            found = loans.loans_after(uow, after, AT_ONCE)
            today = uow.clock.today()
            outcomes += [check(facts_of(uow, loan, read=False), today) for loan in found]
            after = found[-1].loan_no if found else None
        if after is None:
            break
    with system.unit_of_work(actor) as uow:
        return _keep(uow, "yearly", f"{uow.clock.today().year} 年度全部案卷", outcomes).id


def report_of(uow: UnitOfWork, report_id: int) -> Checked:
    """Return a report with its text, its signature checked again.

    Raises:
        ReportNotFoundError: no such report, or of a loan that is not for this actor.
        FixityError: the kept text is not there or changed.
    """
    row = uow.session.get(PropertyReport, report_id)
    if row is None or not _sees(uow, row):
        raise ReportNotFoundError
    data = uow.vault.read(row.sha256)
    signed = audit.is_report_signed(data, signature=row.signature, public_key=row.public_key)
    return Checked(row=row, text=json.loads(data), signed=signed)


def reports(uow: UnitOfWork, *, loan_id: int | None = None) -> list[PropertyReport]:
    """Return the reports that the actor may see, the newest first, at most 200."""
    query = select(PropertyReport).order_by(PropertyReport.id.desc()).limit(200)
    if loan_id is not None:
        query = query.where(PropertyReport.loan_id == loan_id)
    return [row for row in uow.session.scalars(query) if _sees(uow, row)]


def handlers(system: System) -> dict[str, Handler]:
    """Return the jobs that check by themselves."""
    job = Actor.program("job")

    def arrivals(context: JobContext) -> None:
        del context
        with system.look(job) as uow:
            done = select(PropertyReport.batch_id).where(PropertyReport.batch_id.is_not(None))
            since = uow.clock.now() - timedelta(days=2)
            fresh = list(
                uow.session.scalars(
                    select(IntakeBatch.id)
                    .where(IntakeBatch.closed_at >= since, IntakeBatch.id.not_in(done))
                    .order_by(IntakeBatch.id)
                )
            )
        for batch_id in fresh:
            with system.unit_of_work(job) as uow:
                check_batch(uow, batch_id)

    def yearly(context: JobContext) -> None:
        del context
        with system.look(job) as uow:
            newest = uow.session.scalar(
                select(func.max(PropertyReport.made_at)).where(
                    PropertyReport.occasion == "yearly"
                )
            )
            if newest is not None and newest + YEAR > uow.clock.now():
                return
        check_year(system, job)

    return {ARRIVALS: arrivals, YEARLY: yearly}


def _keep(
    uow: UnitOfWork,
    occasion: str,
    scope: str,
    outcomes: Sequence[Outcome],
    *,
    loan_id: int | None = None,
    batch_id: int | None = None,
) -> PropertyReport:
    signer = audit.load_key(uow.settings.data)
    findings = [one for outcome in outcomes for one in outcome.findings]
    text = {
        "institution": uow.settings.institution,
        "occasion": occasion,
        "scope": scope,
        "made_at": uow.clock.now().isoformat(),
        "made_by": uow.actor.name,
        "files": len(outcomes),
        "papers": sum(outcome.papers for outcome in outcomes),
        "items": [
            {
                "code": code,
                "property": item.property.value,
                "words": str(item.words),
                "weight": item.weight.value,
                "found": sum(outcome.count(code) for outcome in outcomes),
            }
            for code, item in ITEMS.items()
        ],
        "findings": [
            {"file": outcome.label, **asdict(one)}
            for outcome in outcomes
            for one in outcome.findings
        ],
        "not_looked_at": [str(words) for words in NOT_LOOKED_AT],
    }
    data = canonical_json(text).encode()
    stored = uow.vault.put(io.BytesIO(data))
    row = PropertyReport(
        occasion=occasion,
        loan_id=loan_id,
        batch_id=batch_id,
        scope=scope,
        files=len(outcomes),
        papers=sum(outcome.papers for outcome in outcomes),
        faults=sum(one.weight is Weight.FAULT for one in findings),
        warnings=sum(one.weight is Weight.WARNING for one in findings),
        sha256=stored.sha256,
        signature=signer.sign_report(data),
        key_id=signer.key_id,
        public_key=signer.public_key,
        made_by=uow.actor.name,
        made_at=uow.clock.now(),
    )
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    uow.session.add(row)
    uow.session.flush()  # the caller goes to its page
    uow.record(
        "assurance.properties_checked",
        f"loan:{loan_id}" if loan_id is not None else f"property_report:{row.id}",
        report=row.id,
        occasion=occasion,
        scope=scope,
        faults=row.faults,
        warnings=row.warnings,
        sha256=row.sha256,
    )
    return row


def _sees(uow: UnitOfWork, row: PropertyReport) -> bool:
    if uow.actor.branch_ids is None:
        return True
    if row.loan_id is None:
        return uow.actor.may("audit_view")
    loan = uow.session.get(Loan, row.loan_id)
    return loan is not None and uow.actor.sees_branch(loan.branch_id)
