"""What is known of papers and loan files before a four-property check: rows, trail, vault."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from postloan_archive import audit
from postloan_archive.admin.models import VaultCheck
from postloan_archive.archive import gaps
from postloan_archive.archive.models import Document, DocumentVersion, IntakeFile
from postloan_archive.archive.rules.states import signatures_in
from postloan_archive.assurance.rules.properties import FileFacts, PaperFacts
from postloan_archive.audit import AuditRow
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

SUBJECTS: Final = 500  # of one statement
GONE: Final = ("archive.document_withdrawn", "retention.document_destroyed")


def facts_of(uow: UnitOfWork, loan: Loan, *, read: bool) -> FileFacts:
    """Return what is known of a loan file.

    Args:
        uow: of somebody who may see the loan.
        loan: the loan.
        read: whether every stored byte is read now; if not, the rolling check's last finding
            counts.
    """
    rows = list(
        uow.session.scalars(
            select(Document).where(Document.loan_id == loan.id).order_by(Document.piece_no)
        )
    )
    kept = [row for row in rows if row.withdrawn_at is None]
    completeness = gaps.completeness_of(uow, loan)
    return FileFacts(
        label=f"案卷 {loan.loan_no}",
        papers=tuple(papers_of(uow, kept, read=read)),
        pieces=tuple(row.piece_no for row in kept),
        explained=_explained(
            uow,
            loan,
            {row.piece_no for row in kept},
            [row for row in rows if row.withdrawn_at is not None],
        ),
        missing=tuple(item.code for item in completeness.missing),
        backup_on=last_backup(uow),
    )


def papers_of(
    uow: UnitOfWork, documents: Sequence[Document], *, read: bool
) -> Iterable[PaperFacts]:
    """Yield what is known of each paper."""
    ids = [row.id for row in documents]
    recorded = _recorded(uow, ids)
    versions = _versions(uow, ids)
    checks = _checks(uow, {row.sha256 for row in documents})
    for row in documents:
        checked = checks.get(row.sha256)
        stored, size = _stored(uow, row.sha256, checked, read=read)
        trail = recorded.get(row.id)
        yield PaperFacts(
            label=f"第 {row.piece_no} 件 {row.title}",
            arrived=trail is not None,
            recorded=(trail or {}).get(row.current_version, ""),
            digest=row.sha256,
            stored=stored,
            stored_size=size,
            size=row.size,
            state=row.state,
            media_type=row.media_type,
            flags=frozenset(row.flags),
            title=row.title,
            item_code=row.item_code,
            doc_date=row.doc_date,
            added_on=row.added_at.astimezone(CHINA).date(),
            pages=row.page_count,
            characters=row.char_count,
            versions=tuple(versions.get(row.id, ())),
            checked_on=uow.clock.today()
            if read
            else _day(checked.checked_at if checked else None),
            first_seen_on=_day(checked.first_seen_at if checked else None),
            signatures=tuple(
                (one["verdict"], str(one.get("message", "")))
                for one in signatures_in(row.flags, row.properties, row.media_type)
            ),
        )


def last_backup(uow: UnitOfWork) -> date | None:
    """Return the day of the last backup that the trail knows."""
    line = audit.last_of(uow.session, "backup.made")
    return line.at.astimezone(CHINA).date() if line is not None else None


def _recorded(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """Return what the trail recorded on arrival: digest by document and version."""
    found: dict[int, dict[int, str]] = {}
    for start in range(0, len(ids), SUBJECTS):
        subjects = [f"document:{one}" for one in ids[start : start + SUBJECTS]]
        for event, subject, facts in uow.session.execute(
            select(AuditRow.event, AuditRow.subject, AuditRow.facts)
            .where(
                AuditRow.subject.in_(subjects),
                AuditRow.event.in_(("archive.document_added", "archive.version_added")),
            )
            .order_by(AuditRow.seq)
        ):
            values = json.loads(facts) if isinstance(facts, str) else facts
            document_id = int(subject.partition(":")[2])
            no = 1 if event == "archive.document_added" else int(values.get("no", 0))
            found.setdefault(document_id, {})[no] = str(values.get("sha256", ""))
    return found


def _versions(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for start in range(0, len(ids), SUBJECTS):
        part = ids[start : start + SUBJECTS]
        for document_id, no in uow.session.execute(
            select(DocumentVersion.document_id, DocumentVersion.no)
            .where(DocumentVersion.document_id.in_(part))
            .order_by(DocumentVersion.document_id, DocumentVersion.no)
        ):
            found.setdefault(document_id, []).append(no)
    return found


def _checks(uow: UnitOfWork, digests: set[str]) -> dict[str, VaultCheck]:
    wanted = sorted(digests)
    found: dict[str, VaultCheck] = {}
    for start in range(0, len(wanted), SUBJECTS):
        part = wanted[start : start + SUBJECTS]
        rows = uow.session.scalars(select(VaultCheck).where(VaultCheck.sha256.in_(part)))
        found |= {row.sha256: row for row in rows}
    return found


def _stored(
    uow: UnitOfWork, sha256: str, checked: VaultCheck | None, *, read: bool
) -> tuple[str, int | None]:
    if read:
        fixity = uow.vault.verify(sha256)
        return fixity.state.value, fixity.size
    if checked is None or checked.state == "waiting":
        return "good", None  # not read so far: item D2 tells for how long
    return checked.state, None


def _explained(
    uow: UnitOfWork, loan: Loan, known: set[int], gone: Sequence[Document]
) -> frozenset[int]:
    """Return the piece numbers of papers that the trail saw leave, moved ones included."""
    subjects = [f"document:{row.id}" for row in gone]
    seen = set(
        uow.session.scalars(
            select(AuditRow.subject).where(
                AuditRow.subject.in_(subjects), AuditRow.event.in_(GONE)
            )
        )
    )
    numbers = {row.piece_no for row in gone if f"document:{row.id}" in seen}
    if all(no in known | numbers for no in range(1, max(known | numbers, default=0) + 1)):
        return frozenset(numbers)  # nothing is missing: no need to look where papers went
    moved = uow.session.scalars(
        select(IntakeFile.before).where(IntakeFile.loan_no != loan.loan_no)
    )
    for before in moved:
        was = before.get("document") if isinstance(before, dict) else None
        if isinstance(was, dict) and was.get("loan_id") == loan.id:
            numbers.add(int(was.get("piece_no", 0)))
    return frozenset(numbers)


def _day(at: datetime | None) -> date | None:
    return at.astimezone(CHINA).date() if at is not None else None
