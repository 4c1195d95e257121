"""Carrying a destruction list out: rows first, bytes second, then nothing is left to be found.

Each loan file is two steps. In one transaction its texts leave the tables and the index, the
tombstones and the digests of what must go are written, and the line says `rows_gone`. Then the
bytes go, and the line says `done`. A run that is killed between any two steps begins again at
the first line that is not done; nothing is done twice and nothing is forgotten.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from sqlalchemy import delete, select, update

from postloan_archive.admin.export_writing import clear_of_loan
from postloan_archive.admin.holdings import Wanted, named_anywhere
from postloan_archive.archive.models import (
    Document,
    DocumentVersion,
    IntakeFile,
    Page,
    Redaction,
)
from postloan_archive.audit import read_forward
from postloan_archive.audit.trail import TrailFilter
from postloan_archive.cases.case_loans import about
from postloan_archive.cases.models import Case
from postloan_archive.custody.models import Original
from postloan_archive.jobs import Handler, JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.litigation.models import Package, PackageVersion
from postloan_archive.loans import positions
from postloan_archive.loans.models import Loan
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.retention import residue
from postloan_archive.retention.models import DisposalLine, DisposalList, Tombstone
from postloan_archive.retention.service.lists import JOB, check_line
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.vault import destroy

GONE: Final = _l("（已销毁）")
MOST_BACKUPS: Final = 100_000
Report = Callable[[int, int], None]


def handlers(system: System) -> dict[str, Handler]:
    """Return the job that carries a list out."""

    def run(context: JobContext) -> None:
        list_id = context.args[0]
        assert isinstance(list_id, int)
        carry_out(
            system,
            Actor.program("job"),
            list_id,
            lambda done, total: context.progress(done, total, _l("正在销毁")),
        )

    return {JOB: run}


def carry_out(
    system: System, actor: Actor, list_id: int, report: Report | None = None
) -> dict[str, Any]:
    """Destroy what is left to destroy of a running list and return what was looked for after.

    Raises:
        BlockedError, ListChangedError: a hold was set, or a file changed, after the approval;
            the files before it are gone, this one and the rest are untouched.
    """
    with system.unit_of_work(actor) as uow:
        row = uow.session.get_one(DisposalList, list_id)
        if row.state != "running":
            return row.result
        lines = [line.id for line in row.lines]
    for done, line_id in enumerate(lines, start=1):
        with system.unit_of_work(actor) as uow:
            line = uow.session.get_one(DisposalLine, line_id)
            if line.state == "listed":
                row = uow.session.get_one(DisposalList, list_id)
                check_line(uow, row, line)
                take_rows(uow, row, line)
        take_bytes(system, actor, line_id)
        if report is not None:
            report(done, len(lines))
    found = residue.clean(system, list_id)
    with system.unit_of_work(actor) as uow:
        row = uow.session.get_one(DisposalList, list_id)
        row.state, row.finished_at = "executed", uow.clock.now()
        row.result = found | {"backups": backups_before(uow)}
        uow.record(
            "retention.list_executed",
            f"disposal_list:{row.id}",
            list_no=row.list_no,
            digest=row.digest,
            executed_by=row.executed_by,
            result=row.result,
        )
        return row.result


def take_rows(uow: UnitOfWork, row: DisposalList, line: DisposalLine) -> None:
    """Take every text of one loan file out of tables and index; leave the tombstones."""
    documents = list(
        uow.session.scalars(
            select(Document)
            .where(Document.loan_id == line.loan_id, Document.sha256 != "")
            .order_by(Document.id)
        )
    )
    ids = [document.id for document in documents]
    digests = _digests(uow, line, ids)
    now = uow.clock.now()
    for document in documents:
        versions = list(
            uow.session.scalars(
                select(DocumentVersion)
                .where(DocumentVersion.document_id == document.id)
                .order_by(DocumentVersion.no)
            )
        )
        uow.session.add(
            Tombstone(
                line_id=line.id,
                loan_id=line.loan_id,
                document_id=document.id,
                piece_no=document.piece_no,
                item_code=document.item_code,
                title=document.title,
                pages=document.page_count,
                digests=[version.sha256 for version in versions],
                list_no=row.list_no,
                reason=row.reason,
                proposed_by=row.proposed_by,
                approved_by=row.approved_by,
                supervised_by=row.supervised_by,
                executed_by=row.executed_by,
                destroyed_at=now,
            )
        )
        uow.index.remove_document(uow.session, document.id)
        _wipe(document, versions)
        document.withdrawn_at = document.withdrawn_at or now
        uow.record(
            "retention.document_destroyed",
            f"document:{document.id}",
            list_no=row.list_no,
            digests=[version.sha256 for version in versions] or None,
        )
    _forget_texts(uow, line.loan_id, ids, keeper=f"销毁清册 {row.list_no}")
    uow.session.flush()  # what still names a digest is asked of the rows as they are now
    still = named_anywhere(uow.session.connection(), digests)
    line.gone, line.kept = sorted(digests - still), sorted(digests & still)
    line.state = "rows_gone"
    positions.recount_papers(uow, [line.loan_id])
    uow.record(
        "retention.file_destroyed",
        f"loan:{line.loan_id}",
        list_no=row.list_no,
        digest=row.digest,
        documents=len(documents),
        files=len(line.gone),
        kept=len(line.kept),
    )


def take_bytes(system: System, actor: Actor, line_id: int) -> None:
    """Remove the stored files and images of a line whose rows are gone."""
    with system.look(actor) as uow:
        line = uow.session.get_one(DisposalLine, line_id)
        if line.state != "rows_gone":
            return
        digests = [str(one) for one in line.gone]
        loan_no = uow.session.scalar(select(Loan.loan_no).where(Loan.id == line.loan_id)) or ""
    clear_of_loan(system, loan_no)  # a copy that was made for others and is still kept
    wanted = Wanted(system.engine)
    stayed = [sha256 for sha256 in digests if not destroy(system.vault, sha256, wanted)]
    residue.drop_images(system.settings.data, digests)
    with system.unit_of_work(actor) as uow:
        line = uow.session.get_one(DisposalLine, line_id)
        line.kept = sorted({*map(str, line.kept), *stayed})
        line.gone = [sha256 for sha256 in digests if sha256 not in set(stayed)]
        line.state = "done"


def backups_before(uow: UnitOfWork) -> list[str]:
    """Return the moments of the backups that were made so far: they still hold the papers."""
    lines = read_forward(uow.session, TrailFilter(event="backup.made"), limit=MOST_BACKUPS)
    return [line.at.isoformat() for line in lines]


def _digests(uow: UnitOfWork, line: DisposalLine, ids: list[int]) -> set[str]:
    """Return every digest that a row of the loan file names, also of letters and packages."""
    of_loan = select(Case.id).where(about(line.loan_id))
    runs = select(Notice.run_id).where(Notice.loan_id == line.loan_id)
    found: set[str | None] = set()
    for query in (
        select(DocumentVersion.sha256).where(DocumentVersion.document_id.in_(ids)),
        select(Document.sha256).where(Document.id.in_(ids)),
        select(IntakeFile.sha256).where(IntakeFile.document_id.in_(ids)),
        select(Redaction.sha256).where(Redaction.document_id.in_(ids)),
        select(PackageVersion.sha256)
        .join(Package, Package.id == PackageVersion.package_id)
        .where(Package.case_id.in_(of_loan)),
        select(NoticeRun.print_sha256).where(NoticeRun.id.in_(runs)),
    ):
        found |= set(uow.session.scalars(query.order_by(None)))
    return {one for one in found if one}


def _wipe(document: Document, versions: Iterable[DocumentVersion]) -> None:
    document.title, document.filename = str(GONE), ""
    document.doc_no = document.author = document.message = ""
    document.sha256, document.size = "", 0
    document.page_count = document.char_count = 0
    document.ocr_pages = document.ocr_pending = 0
    document.flags, document.properties = [], {}
    for version in versions:
        version.sha256, version.filename, version.size = "", "", 0


def _forget_texts(uow: UnitOfWork, loan_id: int, ids: list[int], *, keeper: str) -> None:
    session = uow.session
    session.execute(delete(Page).where(Page.document_id.in_(ids)))
    session.execute(
        update(IntakeFile)
        .where(IntakeFile.document_id.in_(ids))
        .values(name=str(GONE), excerpt="", message="", candidates=[], before={}, sha256="")
    )
    session.execute(
        update(Redaction)
        .where(Redaction.document_id.in_(ids))
        .values(sha256="", size=0, reason=str(GONE))
    )
    packages = select(Package.id).join(Case, Case.id == Package.case_id)
    session.execute(
        update(PackageVersion)
        .where(PackageVersion.package_id.in_(packages.where(about(loan_id))))
        .values(sha256="", size=0)
    )
    letters = select(Notice.run_id).where(Notice.loan_id == loan_id)
    session.execute(
        update(NoticeRun).where(NoticeRun.id.in_(letters)).values(print_sha256=None)
    )
    session.execute(
        update(Notice).where(Notice.loan_id == loan_id).values(snapshot={}, derivation=[])
    )
    session.execute(
        update(Original)
        .where(Original.loan_id == loan_id)
        .values(state="handed_over", keeper=keeper, box_id=None)
    )
