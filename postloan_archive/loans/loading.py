"""Loans with everything that their rules look at, read in a few queries for many at once."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from postloan_archive.loans.models import Collateral, Guarantee, Loan
from postloan_archive.uow import UnitOfWork

AT_ONCE: Final = 500  # loans in one query: a database takes only so many values


def load_whole(uow: UnitOfWork, loan_ids: Sequence[int]) -> list[Loan]:
    """Return the loans with parties, plan and payments; whoever looks at one loads no more.

    Keep the list while they are looked at: a session forgets what nobody holds. The caller has
    made sure that the actor may see them.
    """
    found: list[Loan] = []
    for at in range(0, len(loan_ids), AT_ONCE):
        found += uow.session.scalars(
            select(Loan)
            .where(Loan.id.in_(loan_ids[at : at + AT_ONCE]))
            .options(
                selectinload(Loan.contract),
                selectinload(Loan.customer),
                selectinload(Loan.guarantees).selectinload(Guarantee.guarantor),
                selectinload(Loan.collateral).selectinload(Collateral.provider),
                selectinload(Loan.schedule),
                selectinload(Loan.payments),
                selectinload(Loan.rate_changes),
                selectinload(Loan.amendments),
            )
            .order_by(Loan.id)
        )
    return found
