"""The loan file that a person means by a number: of the loan, the archive or the contract."""

from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans.headings import with_number
from postloan_archive.uow import UnitOfWork

SHOWN: Final = 5


class SeveralLoansError(RuleError):
    """The number is that of a contract or customer with several loan files."""

    field = "loan_no"
    next_step = _l("请填写其中一个借据号。")

    def __init__(self, *, number: str, loans: list[str]) -> None:
        super().__init__(
            _l("“{number}”对应 {count} 个案卷：{loans}。"),
            number=number,
            count=len(loans),
            loans="、".join(loans[:SHOWN]),
        )
        self.loans = loans


def loan_named(uow: UnitOfWork, text: str) -> str:
    """Return the loan number of what was typed; the text itself where nothing fits.

    Raises:
        SeveralLoansError: it stands for more than one loan file.
    """
    typed = text.strip()
    found = [heading.loan_no for heading in with_number(uow, typed)] if typed else []
    if typed in found:
        return typed
    if len(found) > 1:
        raise SeveralLoansError(number=typed, loans=found)
    return found[0] if found else typed
