"""Clocks of security other than the guarantee period (R-D20 to R-D22, R-D27, R-D28)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.days import Unit, deadline
from postloan_archive.kernel.law import Derived, Due
from postloan_archive.kernel.statutes import CIVIL_CODE, SECURITY_INTERPRETATION

KNOWLEDGE_YEARS: Final = 1
ACT_YEARS: Final = 5
REGISTRATION_DAYS: Final = 90
REVOCATION: Final = CIVIL_CODE.at(541, rule="R-D27")
FIXED_PERIOD: Final = CIVIL_CODE.at(199, rule="R-D27")
PRIORITY_NOTICE: Final = CIVIL_CODE.at(221, 2, rule="R-D28")
PRIORITY_MORTGAGE: Final = SECURITY_INTERPRETATION.at(52, rule="R-D28")
MAXIMUM_GUARANTEE: Final = SECURITY_INTERPRETATION.at(30, rule="R-D22")
MORTGAGE: Final = CIVIL_CODE.at(419, rule="R-D21")
MORTGAGE_DETAILS: Final = SECURITY_INTERPRETATION.at("第四十四条、第四十五条", rule="R-D21")


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationClocks:
    """The two fixed periods to attack a transfer; the earlier one counts."""

    from_knowledge: Due
    from_act: Due

    @property
    def due(self) -> Due:
        """Return the one that ends first."""
        return min(self.from_knowledge, self.from_act, key=lambda due: due.legal)


def revocation_clocks(
    *, known_on: date, act_on: date, calendar: WorkCalendar
) -> RevocationClocks:
    """Return until when a suspicious transfer can be attacked: one and five years (R-D27).

    Both are fixed: nothing suspends, interrupts or extends them.
    """
    basis = (REVOCATION, FIXED_PERIOD)
    edition = CIVIL_CODE.edition
    return RevocationClocks(
        from_knowledge=deadline(
            known_on,
            KNOWLEDGE_YEARS,
            Unit.YEAR,
            calendar=calendar,
            basis=basis,
            edition=edition,
        ),
        from_act=deadline(
            act_on, ACT_YEARS, Unit.YEAR, calendar=calendar, basis=basis, edition=edition
        ),
    )


def registration_by(possible_since: date, *, calendar: WorkCalendar) -> Due:
    """Return the last day to turn a priority notice into a mortgage: 90 days (R-D28).

    Counted from the day registration became possible, usually the first registration of the
    building; the notice also lapses when the debt ends.
    """
    return deadline(
        possible_since,
        REGISTRATION_DAYS,
        Unit.DAY,
        calendar=calendar,
        basis=(PRIORITY_NOTICE, PRIORITY_MORTGAGE),
        edition=SECURITY_INTERPRETATION.edition,
    )


def maximum_guarantee_start(*, debts_fixed_on: date, last_maturity: date) -> Derived[date]:
    """Return where the period of a maximum-amount guarantee starts if none was agreed (R-D22).

    The day the debts were fixed if all are due by then, else the last maturity.
    """
    start = max(debts_fixed_on, last_maturity)
    return Derived(
        value=start,
        basis=(MAXIMUM_GUARANTEE,),
        steps=(
            f"债权确定日 {debts_fixed_on.isoformat()}。",
            f"最后一笔债权到期日 {last_maturity.isoformat()}。",
            f"自 {start.isoformat()} 起算。",
        ),
        edition=SECURITY_INTERPRETATION.edition,
    )


def mortgage_exercise_by(main_debt: Due) -> Due:
    """Return until when a mortgage must be exercised: with the main debt's limitation (R-D21).

    Sue debtor and mortgagor together; a judgment against the debtor alone leaves the mortgage
    to the two years of enforcement. A possessory pledge survives.
    """
    return Due(
        nominal=main_debt.nominal,
        legal=main_debt.legal,
        safe=main_debt.safe,
        provisional=main_debt.provisional,
        basis=(MORTGAGE, MORTGAGE_DETAILS, *main_debt.basis),
        steps=(*main_debt.steps, "抵押权应在主债权诉讼时效期间内行使，请一并起诉抵押人。"),
        edition=SECURITY_INTERPRETATION.edition,
        calendar_edition=main_debt.calendar_edition,
    )
