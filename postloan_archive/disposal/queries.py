"""SELECTs of disposals, assets and claims; only of loans that the actor may see."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from postloan_archive.access import branches, people
from postloan_archive.access.people import People
from postloan_archive.disposal.errors import AssetNotFoundError, DisposalNotFoundError
from postloan_archive.disposal.models import (
    BankruptcyClaim,
    Disposal,
    DisposalLoan,
    ForeclosedAsset,
)
from postloan_archive.disposal.rules import OPEN, Kind, State
from postloan_archive.loans import queries as loans
from postloan_archive.loans.headings import LoanHeading, headings_by_id
from postloan_archive.uow import UnitOfWork

_NAMED = 2  # customers that a row names


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The filter of the list; empty: everything."""

    kind: str = ""
    state: str = ""
    branch_id: int | None = None
    since: date | None = None
    until: date | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalRow:
    """One proposal of a list, with its loans and what was owed on them, yuan."""

    disposal: Disposal
    customers: str
    loan_nos: tuple[str, ...]
    branch: str
    total: Decimal
    proposed_by: str
    decided_by: str


def get_disposal(uow: UnitOfWork, disposal_no: str) -> Disposal:
    """Return a proposal.

    Raises:
        DisposalNotFoundError: none for this actor.
    """
    found = uow.session.scalar(
        select(Disposal).where(Disposal.disposal_no == disposal_no.strip())
    )
    if found is None or not uow.actor.sees_branch(found.branch_id):
        raise DisposalNotFoundError(disposal_no=disposal_no)
    return found


def open_disposal_of(uow: UnitOfWork, loan_id: int) -> Disposal | None:
    """Return the unfinished proposal that a loan is in."""
    return uow.session.scalar(
        select(Disposal)
        .join(DisposalLoan, DisposalLoan.disposal_id == Disposal.id)
        .where(DisposalLoan.loan_id == loan_id, Disposal.state.in_(sorted(OPEN)))
        .limit(1)
    )


def disposals_of(uow: UnitOfWork, loan_id: int) -> list[Disposal]:
    """Return the proposals that a loan is or was in, newest first."""
    return list(
        uow.session.scalars(
            select(Disposal)
            .join(DisposalLoan, DisposalLoan.disposal_id == Disposal.id)
            .where(DisposalLoan.loan_id == loan_id)
            .order_by(Disposal.id.desc())
        )
    )


def how_many(uow: UnitOfWork, asked: Asked) -> int:
    """Return how many proposals answer the filter."""
    query = select(func.count()).select_from(Disposal).where(*_conditions(uow, asked))
    return uow.session.scalar(query) or 0


def listed(
    uow: UnitOfWork, asked: Asked, *, offset: int = 0, limit: int | None = None
) -> list[DisposalRow]:
    """Return one page of proposals, what waits for somebody at the head, then newest first."""
    rows = uow.session.scalars(
        select(Disposal)
        .where(*_conditions(uow, asked))
        .order_by(
            Disposal.state != str(State.PROPOSED),
            Disposal.state != str(State.APPROVED),
            Disposal.id.desc(),
        )
        .offset(offset)
        .limit(limit)
    ).all()
    lines: dict[int, list[DisposalLoan]] = {}
    for line in uow.session.scalars(
        select(DisposalLoan)
        .where(DisposalLoan.disposal_id.in_([row.id for row in rows]))
        .order_by(DisposalLoan.id)
    ):
        lines.setdefault(line.disposal_id, []).append(line)
    heads = headings_by_id(uow, {line.loan_id for part in lines.values() for line in part})
    places = branches.names(uow.session)
    who = people.names_of(
        uow, {row.proposed_by for row in rows} | {row.decided_by for row in rows}
    )
    return [_row(row, lines.get(row.id, []), heads, places, who) for row in rows]


def total_of(uow: UnitOfWork, asked: Asked) -> Decimal:
    """Return what was owed on the loans of all proposals of the filter, yuan."""
    sums = [
        func.coalesce(func.sum(column), 0)
        for column in (
            DisposalLoan.principal,
            DisposalLoan.interest,
            DisposalLoan.penalty,
            DisposalLoan.compound,
        )
    ]
    query = (
        select(*sums)
        .join(Disposal, Disposal.id == DisposalLoan.disposal_id)
        .where(*_conditions(uow, asked))
    )
    return sum((Decimal(part) for part in uow.session.execute(query).one()), Decimal("0.00"))


def assets(uow: UnitOfWork, *, held_only: bool = True) -> list[tuple[ForeclosedAsset, str]]:
    """Return the assets with their loan numbers, the first to be sold at the head."""
    query = (
        select(ForeclosedAsset)
        .where(ForeclosedAsset.loan_id.in_(loans.visible_ids(uow)))
        .order_by(
            ForeclosedAsset.sold_on.is_not(None),
            ForeclosedAsset.sell_by.is_(None),
            ForeclosedAsset.sell_by,
            ForeclosedAsset.id,
        )
    )
    if held_only:
        query = query.where(ForeclosedAsset.sold_on.is_(None))
    rows = uow.session.scalars(query).all()
    numbers = loans.numbers_of(uow, {row.loan_id for row in rows})
    return [(row, numbers[row.loan_id]) for row in rows]


def get_asset(uow: UnitOfWork, asset_id: int) -> ForeclosedAsset:
    """Return an asset.

    Raises:
        AssetNotFoundError: none for this actor.
    """
    found = uow.session.get(ForeclosedAsset, asset_id)
    if found is None or not uow.actor.sees_branch(found.branch_id):
        raise AssetNotFoundError(asset_id=asset_id)
    return found


def claim_of(uow: UnitOfWork, disposal_id: int) -> BankruptcyClaim | None:
    """Return the bankruptcy claim of a proposal."""
    return uow.session.scalar(
        select(BankruptcyClaim).where(BankruptcyClaim.disposal_id == disposal_id)
    )


def claims_of_loans(
    uow: UnitOfWork, loan_ids: list[int]
) -> list[tuple[BankruptcyClaim, Disposal]]:
    """Return the claims of these loans with the proposals that they belong to."""
    rows = uow.session.execute(
        select(BankruptcyClaim, Disposal)
        .join(Disposal, Disposal.id == BankruptcyClaim.disposal_id)
        .where(BankruptcyClaim.loan_id.in_(loan_ids))
        .order_by(BankruptcyClaim.id)
    )
    return [(row[0], row[1]) for row in rows]


def assets_of_loans(uow: UnitOfWork, loan_ids: list[int]) -> list[ForeclosedAsset]:
    """Return the assets that were taken for these loans."""
    return list(
        uow.session.scalars(
            select(ForeclosedAsset)
            .where(ForeclosedAsset.loan_id.in_(loan_ids))
            .order_by(ForeclosedAsset.id)
        )
    )


def _conditions(uow: UnitOfWork, asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if uow.actor.branch_ids is not None:
        found.append(Disposal.branch_id.in_(sorted(uow.actor.branch_ids)))
    if asked.kind in set(Kind):
        found.append(Disposal.kind == asked.kind)
    if asked.state in set(State):
        found.append(Disposal.state == asked.state)
    if asked.branch_id is not None:
        found.append(Disposal.branch_id == asked.branch_id)
    if asked.since is not None:
        found.append(func.date(Disposal.proposed_at) >= asked.since.isoformat())
    if asked.until is not None:
        found.append(func.date(Disposal.proposed_at) <= asked.until.isoformat())
    if asked.word.strip():
        word = asked.word.strip()
        ids = loans.ids_matching(uow, word)
        found.append(
            (Disposal.disposal_no == word)
            | Disposal.id.in_(
                select(DisposalLoan.disposal_id).where(DisposalLoan.loan_id.in_(ids))
            )
        )
    return found


def _row(
    row: Disposal,
    lines: list[DisposalLoan],
    heads: dict[int, LoanHeading],
    places: dict[int, str],
    who: People,
) -> DisposalRow:
    mine = [heads[line.loan_id] for line in lines if line.loan_id in heads]
    names = list(dict.fromkeys(head.customer for head in mine))
    return DisposalRow(
        disposal=row,
        customers="、".join(names[:_NAMED])
        + (f" 等 {len(names)} 户" if len(names) > _NAMED else ""),
        loan_nos=tuple(head.loan_no for head in mine),
        branch=places.get(row.branch_id, ""),
        total=sum(
            (line.principal + line.interest + line.penalty + line.compound for line in lines),
            Decimal("0.00"),
        ),
        proposed_by=who[row.proposed_by],
        decided_by=who[row.decided_by],
    )
