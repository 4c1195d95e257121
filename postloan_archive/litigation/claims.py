"""What is claimed on the cut-off day: sums, rows of the sheet, the file to check against."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.money import ZERO
from postloan_archive.litigation.rules.complaint_checks import CaseFile
from postloan_archive.loans.derivation import facts_of, position_of
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.claim import ClaimRow, DebtKind
from postloan_archive.loans.rules.position import Position, position


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The claim of a loan, or of several together, yuan.

    Attributes:
        derived: the position that the sheet prints.
        accelerated: everything is claimed although the last instalment has not come.
        matured: the principal whose own day has come.
        deducted: payments on penalty and compound interest that the rows do not show.
    """

    derived: Derived[Position]
    accelerated: bool
    matured: Decimal
    deducted: Decimal

    @property
    def position(self) -> Position:
        """Return what is owed on the cut-off day."""
        return self.derived.value

    @property
    def principal(self) -> Decimal:
        """Return 5.1."""
        return self.position.principal_due

    @property
    def in_term(self) -> Decimal:
        """Return the interest of the term in 5.2."""
        return self.position.interest_due

    @property
    def interest_total(self) -> Decimal:
        """Return 5.2."""
        return self.in_term + self.position.penalty + self.position.compound

    @property
    def total(self) -> Decimal:
        """Return 5.1 and 5.2 together."""
        return self.principal + self.interest_total

    @property
    def rows(self) -> tuple[ClaimRow, ...]:
        """Return the rows that make up the claim; what is not yet due is left out."""
        return tuple(row for row in self.position.rows if row.note != "未到结息日")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sued:
    """A loan with what is claimed on it."""

    loan: Loan
    claim: Claim


def joint(sued: Sequence[Sued]) -> Claim:
    """Return what is claimed on all loans together; that of the one loan where it is one.

    Amounts are the sums of those of each loan, in yuan; days are those of the worst.
    """
    if len(sued) == 1:
        return sued[0].claim
    each = [one.claim.position for one in sued]
    late = [one.overdue_since for one in each if one.overdue_since is not None]
    coming = [one.next_due for one in each if one.next_due is not None]
    value = Position(
        as_of=each[0].as_of,
        balance=sum((one.balance for one in each), ZERO),
        principal_due=sum((one.principal_due for one in each), ZERO),
        interest_due=sum((one.interest_due for one in each), ZERO),
        accrued=sum((one.accrued for one in each), ZERO),
        penalty=sum((one.penalty for one in each), ZERO),
        compound=sum((one.compound for one in each), ZERO),
        overdue_since=min(late, default=None),
        overdue_days=max(one.overdue_days for one in each),
        next_due=min(coming, default=None),
        rows=tuple(row for one in each for row in one.rows),
        until_paid="；".join(
            _l("借据{loan_no}：{text}").format(
                loan_no=one.loan.loan_no, text=one.claim.position.until_paid
            )
            for one in sued
        ),
    )
    return Claim(
        derived=Derived(
            value=value,
            basis=tuple(
                dict.fromkeys(cited for one in sued for cited in one.claim.derived.basis)
            ),
            steps=tuple(
                _l("借据{loan_no}：{step}").format(loan_no=one.loan.loan_no, step=step)
                for one in sued
                for step in one.claim.derived.steps
            ),
        ),
        accelerated=any(one.claim.accelerated for one in sued),
        matured=sum((one.claim.matured for one in sued), ZERO),
        deducted=sum((one.claim.deducted for one in sued), ZERO),
    )


def claim_of(loan: Loan, cut_off: date, *, accelerate: bool = True) -> Claim:
    """Return the claim on a day.

    Args:
        loan: with its schedule and payments.
        cut_off: interest runs up to this day, which is not counted.
        accelerate: claim the whole principal of a loan that is late but not yet mature; the
            day of the claim is then the day on which everything falls due (R-F19).
    """
    plain = position_of(loan, cut_off)
    unripe = plain.value.balance > plain.value.principal_due
    takes_all = accelerate and unripe and plain.value.overdue_days > 0
    derived = plain
    if takes_all and loan.accelerated_on is None:
        derived = position(replace(facts_of(loan), accelerated_on=cut_off), cut_off)
    rows = sum(
        (
            row.amount
            for row in derived.value.rows
            if row.kind in {DebtKind.PENALTY, DebtKind.COMPOUND}
        ),
        ZERO,
    )
    return Claim(
        derived=derived,
        accelerated=takes_all or loan.accelerated_on is not None,
        matured=plain.value.principal_due,
        deducted=rows - derived.value.penalty - derived.value.compound,
    )


def case_file(loan: Loan, claim: Claim, *, powers: str | None) -> CaseFile:
    """Return what the complaint must agree with."""
    kinds = {
        row.guarantor.name: "连带责任保证" for row in loan.guarantees if row.kind == "joint"
    }
    providers = frozenset(
        row.provider.name for row in loan.collateral if row.provider_id != loan.customer_id
    )
    return CaseFile(
        cut_off=claim.position.as_of,
        principal=claim.principal,
        in_term_interest=claim.in_term,
        penalty=claim.position.penalty,
        compound=claim.position.compound,
        overdue_days=claim.position.overdue_days,
        matured_principal=claim.matured,
        secured=bool(loan.guarantees or loan.collateral),
        guarantee_kinds=kinds,
        security_providers=providers,
        attorney_powers=powers,
    )
