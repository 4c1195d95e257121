"""What became of loan files that came from elsewhere: listed, and every byte read again."""

import json
from dataclasses import dataclass

from sqlalchemy import func, select

from postloan_archive.archive.models import Document, DocumentVersion
from postloan_archive.assurance.models import ImportedFile
from postloan_archive.bundle.package.merkle_check import ProofError, check_proof
from postloan_archive.kernel.errors import NotFoundError, PostloanError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork


class NoImportError(NotFoundError):
    """No such import."""

    def __init__(self, *, number: int) -> None:
        super().__init__(_l("没有导入记录 {number}。"), number=number)


def imported_count(uow: UnitOfWork) -> int:
    """Return how many loan files that the actor may see came from elsewhere."""
    query = select(func.count(ImportedFile.id))
    return uow.session.scalar(query.where(loans.is_visible(uow, ImportedFile.loan_id))) or 0


def imported_files(
    uow: UnitOfWork, *, limit: int, offset: int
) -> list[tuple[ImportedFile, str]]:
    """Return the loan files that came from elsewhere with their numbers, the newest first."""
    query = (
        select(ImportedFile)
        .where(loans.is_visible(uow, ImportedFile.loan_id))
        .order_by(ImportedFile.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [
        (row, uow.session.get_one(Loan, row.loan_id).loan_no)
        for row in uow.session.scalars(query)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """One version of one paper that came along, read again just now."""

    item: str
    title: str
    no: int
    size: int
    sha256: str
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """What became of an imported loan file: its papers read again, its proof checked again."""

    row: ImportedFile
    loan: Loan
    papers: tuple[Landed, ...]
    proof_holds: bool


def landing(uow: UnitOfWork, number: int) -> Landing:
    """Read every paper and the proof of an imported loan file again.

    Raises:
        NoImportError: no such import, or not for this actor.
    """
    row = uow.session.get(ImportedFile, number)
    loan = uow.session.get(Loan, row.loan_id) if row is not None else None
    if row is None or loan is None or not uow.actor.sees_branch(loan.branch_id):
        raise NoImportError(number=number)
    versions = uow.session.execute(
        select(Document, DocumentVersion)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .where(Document.loan_id == loan.id, DocumentVersion.sha256 != "")
        .order_by(Document.piece_no, Document.id, DocumentVersion.no)
    )
    papers = tuple(
        Landed(
            item=document.item_code,
            title=document.title,
            no=version.no,
            size=version.size,
            sha256=version.sha256,
            good=uow.vault.verify(version.sha256).good,
        )
        for document, version in versions
        if uow.actor.sees_category(document.item_code[:2])
    )
    try:
        holds = len(check_proof(json.loads(uow.vault.read(row.sha256))).lines) == row.lines
    except (ProofError, ValueError, PostloanError):
        holds = False
    return Landing(row=row, loan=loan, papers=papers, proof_holds=holds)
