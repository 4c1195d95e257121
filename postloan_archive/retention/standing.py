"""Where each loan file stands: its period, what stops its destruction, all of it derived."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from sqlalchemy import func, select

from postloan_archive import audit
from postloan_archive.access import branches
from postloan_archive.archive import holds
from postloan_archive.archive.models import Document, Hold
from postloan_archive.audit import TrailFilter
from postloan_archive.backup import RESTORED
from postloan_archive.cases import case_loans
from postloan_archive.cases.models import Case
from postloan_archive.custody.models import Original
from postloan_archive.kernel.law import Derived
from postloan_archive.loans.models import Loan
from postloan_archive.preservation.models import Measure
from postloan_archive.retention.models import (
    Appraisal,
    DisposalLine,
    DisposalList,
    RetentionEdition,
    Tombstone,
)
from postloan_archive.retention.rules.periods import (
    STANDARD_YEARS,
    Block,
    Circumstances,
    Period,
    RetentionClass,
    RetentionFacts,
    blocks_of,
    period_of,
)
from postloan_archive.uow import UnitOfWork

Row = TypeVar("Row", Case, Measure, Original)
REVIEWED: Final = "retention.restore_reviewed"
OPEN_LISTS: Final = ("proposed", "approved", "supervised", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One loan file.

    Attributes:
        period: with its derivation.
        blocks: what stops the destruction, with what each names.
        holds: those that stand.
        appraisal: the newest one.
        list_no: the open destruction list it is on, or empty.
    """

    loan: Loan
    branch: str
    period: Derived[Period]
    blocks: tuple[tuple[Block, str], ...]
    holds: tuple[Hold, ...]
    appraisal: Appraisal | None
    list_no: str
    pieces: int
    pages: int

    @property
    def due(self) -> bool:
        """Return whether only the appraisal, or nothing, is missing."""
        return all(block is Block.NOT_APPRAISED for block, _ in self.blocks)

    @property
    def expired(self) -> bool:
        """Return whether the period is over, whatever else stands in the way."""
        stopping = {Block.NOT_EXPIRED, Block.PERMANENT, Block.UNSETTLED, Block.DESTROYED}
        return not stopping & {block for block, _ in self.blocks}


def table_of(uow: UnitOfWork) -> tuple[int, Mapping[RetentionClass, int | None]]:
    """Return the number of the newest edition (0: the standard) and its years by class."""
    row = uow.session.scalar(
        select(RetentionEdition).order_by(RetentionEdition.edition.desc()).limit(1)
    )
    if row is None:
        return 0, STANDARD_YEARS
    return row.edition, {
        one: row.years.get(one.value, STANDARD_YEARS[one]) for one in RetentionClass
    }


def standing_of(uow: UnitOfWork, loan: Loan) -> Standing:
    """Return where one loan file stands; the actor was allowed to see it."""
    return standings(uow, [loan])[0]


def standings(uow: UnitOfWork, found: Sequence[Loan]) -> list[Standing]:
    """Return where loan files stand, in their order; the same few statements for any number."""
    ids = [loan.id for loan in found]
    if not ids:
        return []
    today = uow.clock.today()
    _edition, table = table_of(uow)
    cases = case_loans.cases_of(uow, ids)
    beside = _sued_together(uow, cases)
    measures = _by_loan(
        uow.session.scalars(
            select(Measure)
            .where(
                Measure.loan_id.in_(ids),
                Measure.released_on.is_(None),
                Measure.id.not_in(
                    select(Measure.renewal_of).where(Measure.renewal_of.is_not(None))
                ),
            )
            .order_by(Measure.id)
        )
    )
    lent = _by_loan(
        uow.session.scalars(
            select(Original)
            .where(Original.loan_id.in_(ids), Original.state == "lent")
            .order_by(Original.id)
        )
    )
    appraisals = {
        row.loan_id: row
        for row in uow.session.scalars(
            select(Appraisal).where(Appraisal.loan_id.in_(ids)).order_by(Appraisal.id)
        )
    }
    destroyed = destroyed_loans(uow, ids)
    on_lists = uow.session.execute(
        select(DisposalLine.loan_id, DisposalList.list_no)
        .join(DisposalList, DisposalList.id == DisposalLine.list_id)
        .where(DisposalLine.loan_id.in_(ids), DisposalList.state.in_(OPEN_LISTS))
        .order_by(DisposalLine.id)
    )
    listed = {row.loan_id: row.list_no for row in on_lists}
    counts = {
        loan_id: (pieces, pages or 0)
        for loan_id, pieces, pages in uow.session.execute(
            select(Document.loan_id, func.count(), func.sum(Document.page_count))
            .where(Document.loan_id.in_(ids), Document.withdrawn_at.is_(None))
            .group_by(Document.loan_id)
            .order_by(Document.loan_id)
        )
    }
    held = holds.standing_on(uow, found)
    restored = needs_review(uow)
    names = branches.names(uow.session)
    rows = []
    for loan in found:
        mine, appraisal = cases.get(loan.id, []), appraisals.get(loan.id)
        together = [
            (f"同案借据 {beside[other][0]} 结清", beside[other][1])
            for other in sorted({one for case in mine for one in case.loan_ids} - {loan.id})
        ]
        period = period_of(_facts(loan, mine, appraisal, together), table)
        around = Circumstances(
            unsettled=loan.settled_on is None or loan.settled_on > today,
            open_cases=tuple(row.case_no for row in mine if row.closed_on is None),
            open_measures=tuple(f"第 {row.id} 号" for row in measures.get(loan.id, [])),
            holds=tuple(hold.named for hold in held[loan.id]),
            lent=tuple(row.barcode for row in lent.get(loan.id, [])),
            appraised=appraisal is not None and appraisal.verdict == "destroy",
            restored=restored is not None,
            destroyed=loan.id in destroyed,
        )
        pieces, pages = counts.get(loan.id, (0, 0))
        rows.append(
            Standing(
                loan=loan,
                branch=names.get(loan.branch_id, ""),
                period=period,
                blocks=blocks_of(period.value, around, today),
                holds=tuple(held[loan.id]),
                appraisal=appraisal,
                list_no=listed.get(loan.id, ""),
                pieces=pieces,
                pages=pages,
            )
        )
    return rows


def destroyed_loans(uow: UnitOfWork, ids: Iterable[int]) -> frozenset[int]:
    """Return which of the loans were destroyed, or are being."""
    return frozenset(
        uow.session.scalars(
            select(DisposalLine.loan_id)
            .where(DisposalLine.loan_id.in_(list(ids)), DisposalLine.state != "listed")
            .order_by(DisposalLine.loan_id)
        )
    )


def tombstones_of(uow: UnitOfWork, loan_id: int) -> list[Tombstone]:
    """Return what is left of the documents of a loan file."""
    return list(
        uow.session.scalars(
            select(Tombstone).where(Tombstone.loan_id == loan_id).order_by(Tombstone.piece_no)
        )
    )


def needs_review(uow: UnitOfWork) -> str | None:
    """Return the moment of a restore whose holds nobody has reviewed; None: nothing to do."""
    path = uow.settings.data / RESTORED
    try:
        stamp = str(json.loads(path.read_text(encoding="utf-8"))["restored_at"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        stamp = "unreadable"
    wanted = TrailFilter(subject=f"restore:{stamp}", event=REVIEWED)
    return None if audit.count(uow.session, wanted) else stamp


def _sued_together(
    uow: UnitOfWork, cases: Mapping[int, Sequence[Case]]
) -> dict[int, tuple[str, date | None]]:
    """Return number and day of settlement of the loans of cases about several."""
    many = {one for rows in cases.values() for row in rows for one in row.loan_ids[1:]}
    wanted = many and {one for rows in cases.values() for row in rows for one in row.loan_ids}
    if not wanted:
        return {}
    query = select(Loan.id, Loan.loan_no, Loan.settled_on).where(Loan.id.in_(sorted(wanted)))
    return {row.id: (row.loan_no, row.settled_on) for row in uow.session.execute(query)}


def _facts(
    loan: Loan,
    cases: Sequence[Case],
    appraisal: Appraisal | None,
    together: Sequence[tuple[str, date | None]],
) -> RetentionFacts:
    """Return what decides on the period; papers of one suit stay until all its loans end."""
    return RetentionFacts(
        company=loan.customer.kind == "company",
        secured=bool(loan.collateral),
        in_court=bool(cases) or loan.stage in {"litigation", "judged", "effective"},
        risk_class=loan.risk_class,
        ends=(
            ("贷款结清", loan.settled_on),
            *((f"案件 {row.case_no} 结案", row.closed_on) for row in cases),
            *together,
        ),
        extended_to=appraisal.until if appraisal else None,
        kept_for_ever=appraisal is not None and appraisal.verdict == "permanent",
    )


def _by_loan(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.loan_id, []).append(row)
    return found
