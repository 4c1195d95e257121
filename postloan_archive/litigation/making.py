"""Making a court paper: rendered, checked, filed in the loan file, kept with its answers."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from postloan_archive.archive import queries as archive
from postloan_archive.archive import service as documents
from postloan_archive.archive.models import Document
from postloan_archive.archive.service import FileMade
from postloan_archive.cases import queries as cases
from postloan_archive.cases import service as case_service
from postloan_archive.litigation import writing
from postloan_archive.litigation.errors import (
    LeftoverError,
    MadePaperNotFoundError,
    PaperFaultError,
)
from postloan_archive.litigation.matter import Matter, matter_of
from postloan_archive.litigation.models import CasePaper
from postloan_archive.litigation.rules.catalogue import item_of
from postloan_archive.litigation.writing import Draft
from postloan_archive.notices.rules.conventions import leftovers
from postloan_archive.notices.templates import letter_template
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import docx_text, docx_to_pdf

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePaper:
    """Make a paper; `reason` says why in spite of what speaks against it."""

    case_no: str
    code: str
    reason: str = ""


def answer(uow: UnitOfWork, case_no: str, code: str, given: Mapping[str, str]) -> int:
    """Keep what a person has said for a paper; return how many facts changed.

    Raises:
        CaseNotFoundError: no such case for this actor.
        UnknownPaperError: no such paper.
        AnswerError: a day or an amount cannot be read.
    """
    matter = matter_of(uow, cases.get_case(uow, case_no))
    changed = writing.changes(writing.draft(matter, code), given)
    if changed:
        case_service.fill_in(uow, case_no, changed)
    return len(changed)


def make_paper(uow: UnitOfWork, cmd: MakePaper) -> CasePaper:
    """Write a paper of the case and put it into the loan file.

    The same paper made twice without a change is one version.

    Raises:
        CaseNotFoundError: no such case for this actor.
        UnknownPaperError: no such paper.
        PaperFaultError: something speaks against it and no reason is given.
        LeftoverError: a placeholder is left in it (R-H07).
    """
    case = cases.get_case(uow, cmd.case_no)
    matter = matter_of(uow, case)
    made = writing.draft(matter, cmd.code)
    if made.faults and (not cmd.reason.strip() or not writing.writable(made)):
        raise PaperFaultError(title=made.title, faults=made.faults)
    template, data = render(uow, matter, made)
    check_leftovers(made.title, data)
    digest = hashlib.sha256(data).hexdigest()
    newest = newest_of(uow, case.id, cmd.code)
    if newest is not None and newest.sha256 == digest:
        return newest
    no = newest.no + 1 if newest else 1
    name = f"{made.title}（{matter.source.loan.customer.name}）"
    document = _same(uow, case.loan_id, digest) or documents.file_made(
        uow,
        FileMade(
            loan_id=case.loan_id,
            item_code=item_of(cmd.code),
            name=f"{name}-v{no}.docx",
            title=name if no == 1 else f"{name} v{no}",
            stream=io.BytesIO(data),
            doc_no=case.case_no,
            doc_date=uow.clock.today(),
        ),
    )
    paper = CasePaper(
        case_id=case.id,
        code=cmd.code,
        no=no,
        title=made.title,
        document_id=document.id,
        sha256=digest,
        template_sha256=template,
        content={
            "values": {row.blank.key: row.text for row in made.answers},
            "missing": list(made.missing),
            "faults": list(made.faults),
            "notes": list(made.notes),
            "reason": cmd.reason.strip(),
        },
        made_by=uow.actor.name,
        made_at=uow.clock.now(),
    )
    uow.session.add(paper)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "litigation.paper_made",
        f"case:{case.id}",
        case_no=case.case_no,
        code=cmd.code,
        no=no,
        document_id=document.id,
        sha256=digest,
        template_sha256=template,
        missing=list(made.missing),
        faults=list(made.faults),
        reason=cmd.reason.strip(),
    )
    return paper


def render(uow: UnitOfWork, matter: Matter, made: Draft) -> tuple[str, bytes]:
    """Return the digest of the template and the Word file."""
    paper = writing.fill(matter, made)
    template = letter_template(uow, paper.template)
    return template.sha256, template.compiled.render(paper)


def check_leftovers(title: str, data: bytes) -> None:
    """Refuse a paper in which a placeholder is left.

    Raises:
        LeftoverError: with every place.
    """
    found = leftovers(docx_text(data).splitlines())
    if found:
        raise LeftoverError(title=title, texts=tuple(text for _no, text in found))


def get_made(uow: UnitOfWork, case_no: str, paper_id: int) -> CasePaper:
    """Return one made paper.

    Raises:
        CaseNotFoundError: no such case for this actor.
        MadePaperNotFoundError: the case has no such paper.
    """
    case = cases.get_case(uow, case_no)
    paper = uow.session.get(CasePaper, paper_id)
    if paper is None or paper.case_id != case.id:
        raise MadePaperNotFoundError(paper_id=paper_id)
    archive.get_document(uow, paper.document_id)  # its category may be closed to the actor
    return paper


def made_papers(uow: UnitOfWork, case_id: int) -> list[CasePaper]:
    """Return every made paper of a case, newest first."""
    return list(
        uow.session.scalars(
            select(CasePaper)
            .where(CasePaper.case_id == case_id)
            .order_by(CasePaper.code, CasePaper.no.desc())
        )
    )


def newest_of(uow: UnitOfWork, case_id: int, code: str) -> CasePaper | None:
    """Return the newest version of a paper, None before it was made."""
    return uow.session.scalar(
        select(CasePaper)
        .where(CasePaper.case_id == case_id, CasePaper.code == code)
        .order_by(CasePaper.no.desc())
        .limit(1)
    )


def hand_out(uow: UnitOfWork, case_no: str, paper_id: int, kind: str) -> tuple[str, bytes]:
    """Return name and bytes of a made paper and record that it left; empty: no PDF yet.

    Raises:
        CaseNotFoundError, MadePaperNotFoundError: not for this actor.
    """
    paper = get_made(uow, case_no, paper_id)
    digest = paper.sha256 if kind == "docx" else paper.pdf_sha256
    name = f"{case_no}-{paper.code}-{paper.title}-v{paper.no}.{kind}"
    if not digest:
        return name, b""
    uow.record(
        "litigation.paper_exported",
        f"case:{paper.case_id}",
        code=paper.code,
        no=paper.no,
        kind=kind,
        sha256=digest,
    )
    return name, uow.vault.read(digest)


def keep_pdf(uow: UnitOfWork, case_no: str, paper_id: int, data: bytes) -> None:
    """Keep the PDF of a made paper, so that it is converted only once.

    Raises:
        CaseNotFoundError, MadePaperNotFoundError: not for this actor.
    """
    paper = get_made(uow, case_no, paper_id)
    if not paper.pdf_sha256:
        paper.pdf_sha256 = uow.vault.put(io.BytesIO(data)).sha256
        uow.record(
            "litigation.paper_converted",
            f"case:{paper.case_id}",
            code=paper.code,
            no=paper.no,
            sha256=paper.pdf_sha256,
        )


def as_pdf(data: bytes, soffice: Path) -> bytes:
    """Return the PDF of a Word file; takes seconds, so no transaction is open meanwhile."""
    (pdf,) = docx_to_pdf([data], soffice=soffice)
    return pdf


def _same(uow: UnitOfWork, loan_id: int, digest: str) -> Document | None:
    for row in archive.documents_of(uow, loan_id):
        if row.sha256 == digest:
            return archive.get_document(uow, row.id)
    return None
