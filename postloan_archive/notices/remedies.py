"""What is missing for an open letter, entered in its row; the letter is checked again."""

from collections.abc import Callable, Mapping
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans import lenders
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer
from postloan_archive.notices import planning, queries
from postloan_archive.notices.checks import (
    ADDRESS_CODE,
    ALLOWED_CODE,
    SENT_ALL_THE_SAME,
    STOP_CODE,
    load_checks,
)
from postloan_archive.notices.drafting import LABELS, MISSING
from postloan_archive.notices.errors import LetterChangedError
from postloan_archive.notices.models import Notice
from postloan_archive.notices.planning import OPEN_STATES
from postloan_archive.notices.queries import LetterRow
from postloan_archive.uow import UnitOfWork

ADDRESS: Final = "service_address"
ACCOUNT: Final = "pay_account"
PHONE: Final = "contact"
FACTS: Final = (ADDRESS, ACCOUNT, PHONE)  # keys of R-H02 that a row can be given


class EmptyFactError(RuleError):
    """Nothing was typed."""

    field = "value"

    def __init__(self, *, label: str) -> None:
        super().__init__(_l("请填写{label}。"), label=label)


class NotStoppedError(RuleError):
    """The stop list does not hold the letter back."""

    def __init__(self) -> None:
        super().__init__(_l("这一封没有被停催清单拦下。"))


class ReasonToSendError(RuleError):
    """A letter to a stopped debtor goes only with a reason on record."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("停催期间仍要发送的，请写明理由。"))


def lacking(row: LetterRow) -> tuple[str, ...]:
    """Return the keys of `FACTS` that the row asks for: missing, or not fit for delivery."""
    missing = [key for key in FACTS if MISSING.format(field=LABELS[key]) in row.errors]
    if ADDRESS_CODE in row.codes and ADDRESS not in missing:
        missing.append(ADDRESS)
    return tuple(missing)


def state_fact(
    uow: UnitOfWork, notice_id: int, key: str, value: str, *, basis: str = ""
) -> Notice:
    """Enter a fact that an open letter lacks, where it belongs, and check the letter again.

    Args:
        uow: the unit of work.
        notice_id: the letter.
        key: one of `FACTS`: the address of the addressee, the account of the loan, the
            telephone of the branch.
        value: what was typed.
        basis: where an address for service was agreed.

    Raises:
        NoticeNotFoundError: no such letter for this actor.
        LetterChangedError: it was issued.
        EmptyFactError: nothing was typed.
    """
    notice = _open(uow, notice_id)
    if not value.strip():
        raise EmptyFactError(label=LABELS[key])
    _ENTER[key](uow, notice, value.strip(), basis.strip())
    return check_again(uow, notice)


def allow_stopped(uow: UnitOfWork, notice_id: int, reason: str) -> Notice:
    """Let a letter go although collection from its addressee stops (R-L08), with a reason.

    Raises:
        NoticeNotFoundError: no such letter for this actor.
        LetterChangedError: it was issued.
        NotStoppedError: no stop holds it back.
        ReasonToSendError: no reason.
    """
    notice = _open(uow, notice_id)
    if not any(_holds_back(row) for row in notice.problems):
        raise NotStoppedError
    if not reason.strip():
        raise ReasonToSendError
    notice.problems = [
        *(
            {**row, "severity": "warning"} if _holds_back(row) else row
            for row in notice.problems
        ),
        {
            "severity": "note",
            "text": SENT_ALL_THE_SAME.format(reason=reason.strip()),
            "code": ALLOWED_CODE,
        },
    ]
    notice.warned = True
    errors = any(row["severity"] == "error" for row in notice.problems)
    notice.state = "blocked" if errors else "draft"
    uow.record("notices.stopped_letter_allowed", f"notice:{notice.id}", reason=reason.strip())
    return notice


def check_again(uow: UnitOfWork, notice: Notice) -> Notice:
    """Draft one open letter again from the facts as they are now."""
    uow.session.flush()  # the facts just entered are read back
    loan, draft = planning.draft_again(uow, notice.run, notice)
    checks = load_checks(uow, notice.kind, notice.run.as_of)
    planning.fill(uow, notice.run, notice, loan, draft, checks)
    return notice


def _holds_back(row: Mapping[str, str]) -> bool:
    return row.get("code") == STOP_CODE and row["severity"] == "error"


def _open(uow: UnitOfWork, notice_id: int) -> Notice:
    notice = queries.get_notice(uow, notice_id)
    if notice.run.state not in OPEN_STATES:
        raise LetterChangedError(addressee=str(notice.snapshot.get("addressee", "")))
    return notice


def _address(uow: UnitOfWork, notice: Notice, value: str, basis: str) -> None:
    customer = uow.session.get_one(Customer, notice.addressee_id)
    before = customer.service_address
    customer.service_address, customer.service_address_source = value, basis
    uow.record(
        "loans.service_address_stated",
        f"customer:{customer.id}",
        before=before,
        after=value,
        basis=basis,
    )


def _account(uow: UnitOfWork, notice: Notice, value: str, basis: str) -> None:
    del basis
    loan = loans.get_loan_by_id(uow, notice.loan_id)
    before, loan.pay_account = loan.pay_account, value
    uow.record("loans.pay_account_stated", f"loan:{loan.loan_no}", before=before, after=value)


def _phone(uow: UnitOfWork, notice: Notice, value: str, basis: str) -> None:
    del basis
    lenders.state_phone(uow, notice.branch_id, value)


_ENTER: Final[Mapping[str, Callable[[UnitOfWork, Notice, str, str], None]]] = {
    ADDRESS: _address,
    ACCOUNT: _account,
    PHONE: _phone,
}
