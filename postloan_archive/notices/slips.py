"""Return slips in the inbox of the archive: their codes file them and prove their letters."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select

from postloan_archive.archive.cutting.deciding import Slips
from postloan_archive.archive.rules.separators import Target
from postloan_archive.loans import queries as loans
from postloan_archive.notices import delivery
from postloan_archive.notices.models import Notice
from postloan_archive.notices.receipts import ITEM
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.uow import UnitOfWork


def targets_on(uow: UnitOfWork, codes: Iterable[str]) -> dict[str, Target]:
    """Return where the slips among the codes belong; only letters that the actor may see.

    A letter whose result is on record, with its proof, decides nothing: a person does.
    """
    letters = delivery.letters_on(uow, codes)
    numbers = loans.numbers_of(uow, {one.loan_id for one in letters})
    return {
        str(one.barcode): Target(
            loan_no=numbers[one.loan_id],
            item_code=ITEM,
            title=f"{one.serial_no}《{NOTICES[one.kind].title}》回执",
        )
        for one in letters
        if one.loan_id in numbers and not (one.outcome and one.outcome_document_id)
    }


def slip_filed(uow: UnitOfWork, code: str, document_id: int) -> None:
    """Name the filed slip as the proof of its letter."""
    for notice in delivery.letters_on(uow, [code]):
        if not (notice.outcome and notice.outcome_document_id):
            delivery.attach_proof(uow, notice.id, document_id)


def slip_unfiled(uow: UnitOfWork, document_id: int) -> None:
    """Take the slip away from its letter, unless a result was entered on its strength."""
    rows = uow.session.scalars(
        select(Notice).where(
            Notice.outcome_document_id == document_id,
            Notice.outcome == "",
            Notice.loan_id.in_(loans.visible_ids(uow)),
        )
    ).all()
    for notice in rows:
        notice.outcome_document_id = None
        uow.record(
            "notices.proof_detached",
            f"notice:{notice.id}",
            serial_no=notice.serial_no,
            document_id=document_id,
        )


SLIPS: Final = Slips(find=targets_on, filed=slip_filed, unfiled=slip_unfiled)
