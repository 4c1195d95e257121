"""SELECTs that feed the pages of retention."""

from sqlalchemy import select

from postloan_archive.retention.models import (
    Appraisal,
    DisposalLine,
    DisposalList,
    RetentionEdition,
)
from postloan_archive.uow import UnitOfWork


def editions(uow: UnitOfWork) -> list[RetentionEdition]:
    """Return the editions of the table of periods, the newest first."""
    return list(
        uow.session.scalars(select(RetentionEdition).order_by(RetentionEdition.edition.desc()))
    )


def appraisals_of(uow: UnitOfWork, loan_id: int) -> list[Appraisal]:
    """Return what was decided about a loan file that the actor may see, the newest first."""
    return list(
        uow.session.scalars(
            select(Appraisal).where(Appraisal.loan_id == loan_id).order_by(Appraisal.id.desc())
        )
    )


def lists_of_loan(uow: UnitOfWork, loan_id: int) -> list[DisposalList]:
    """Return the destruction lists that name a loan file that the actor may see."""
    return list(
        uow.session.scalars(
            select(DisposalList)
            .join(DisposalLine, DisposalLine.list_id == DisposalList.id)
            .where(DisposalLine.loan_id == loan_id)
            .order_by(DisposalList.id.desc())
        )
    )
