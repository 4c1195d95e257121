"""Looking at whole identity numbers and telephones: with a reason, in the trail."""

from dataclasses import dataclass

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans import queries
from postloan_archive.loans.models import Customer
from postloan_archive.uow import UnitOfWork


class UnmaskingReasonError(RuleError):
    """Whole numbers are shown only to who says why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请填写查看完整证件号的理由。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeNumber:
    """One person of a loan file with the numbers in full."""

    role: str
    name: str
    id_no: str
    phone: str


def unmask(uow: UnitOfWork, loan_no: str, reason: str) -> list[WholeNumber]:
    """Return the whole numbers of everybody in a loan file and record who looked and why.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        UnmaskingReasonError: no reason is given.
    """
    loan = queries.get_loan(uow, loan_no)
    if not reason.strip():
        raise UnmaskingReasonError
    people: dict[int, tuple[str, Customer]] = {loan.customer_id: (_l("借款人"), loan.customer)}
    for guarantee in loan.guarantees:
        people.setdefault(guarantee.guarantor_id, (_l("保证人"), guarantee.guarantor))
    for asset in loan.collateral:
        people.setdefault(asset.provider_id, (_l("押品提供人"), asset.provider))
    uow.record(
        "loans.numbers_unmasked",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        reason=reason.strip(),
        customers=sorted(people),
    )
    return [
        WholeNumber(role=role, name=one.name, id_no=one.id_no, phone=one.phone)
        for role, one in people.values()
    ]
