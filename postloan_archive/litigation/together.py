"""The papers of a case about several loans, put together from those of each loan alone."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, Final

from postloan_archive.kernel.words import rmb_upper
from postloan_archive.litigation.claims import case_file
from postloan_archive.litigation.form import Form, Source
from postloan_archive.litigation.papers import CalculationRow, ClaimCalculation, Complaint
from postloan_archive.litigation.rules.complaint_checks import complaint_faults
from postloan_archive.litigation.rules.complaint_form import FormFault
from postloan_archive.notices.rules.conventions import days_in_body

OF_A_LOAN: Final = frozenset({"claims", "facts"})  # blocks of the form
NOTHING: Final = "—"  # in a cell
NO_DEBT: Final = "零元整"


def faults_of(
    source: Source, form: Form, *, has_agent: bool, joins: bool
) -> Iterator[FormFault]:
    """Yield what keeps the complaint about one loan; of several it says about which."""
    file = case_file(source.loan, source.claim, powers="特别授权" if has_agent else None)
    for fault in complaint_faults(form, file):
        block = fault.at.split(".")[0]
        if joins and block in OF_A_LOAN:
            yield replace(fault, reason=f"借据{source.loan.loan_no}：{fault.reason}")
        elif block != "mediation":
            yield fault


def joint_complaint(source: Source, each: Sequence[Complaint]) -> Complaint:
    """Return one complaint: the sums in its claims, what differs loan by loan.

    Args:
        source: the case with all its loans.
        each: what the complaint about each loan alone would say, in their order.
    """
    numbers = [loan.loan_no for loan in source.loans]
    claim = source.claim
    merged = {
        field.name: _together(numbers, [getattr(one, field.name) for one in each])
        for field in fields(Complaint)
    }
    return replace(
        replace(each[0], **merged),
        principal_amount=_yuan(claim.principal),
        interest_total=_yuan(claim.interest_total),
        interest_in_term=_yuan(claim.in_term),
        interest_compound=_yuan(claim.position.compound),
        interest_penalty=_yuan(claim.position.penalty),
        interest_method="；".join(
            f"（借据{one.loan.loan_no}）本金 {_yuan(one.claim.principal)} 元、期内利息 "
            f"{_yuan(one.claim.in_term)} 元、罚息 {_yuan(one.claim.position.penalty)} 元、复利 "
            f"{_yuan(one.claim.position.compound)} 元，{alone.interest_method}"
            for one, alone in zip(source.sued, each, strict=True)
        ),
        total_amount=_yuan(claim.total),
        total_words=_words(claim.total),
    )


def joint_calculation(source: Source, each: Sequence[ClaimCalculation]) -> ClaimCalculation:
    """Return one sheet: the rows of each loan under its number, then the sums of all.

    Args:
        source: the case with all its loans.
        each: the sheet of each loan alone, in their order.
    """
    claim = source.claim
    rows: list[CalculationRow] = []
    for one in each:
        note = f"合同编号：{one.contract_no}；尚欠本金 {one.principal} 元"
        rows.append(_row(f"借据{one.loan_no}", note=note))
        rows += one.rows
        if claim.deducted:
            rows.append(_row("说明", note=one.deducted))
        rows.append(_row("小计", amount=one.total, note="本金与上列各项之和"))
    return replace(
        each[0],
        borrower=_once(one.borrower for one in each),
        contract_no=_once(one.contract_no for one in each),
        loan_no=_once(one.loan_no for one in each),
        rows=tuple(rows),
        principal=_yuan(claim.principal),
        interest=_yuan(claim.in_term),
        penalty=_yuan(claim.position.penalty),
        compound=_yuan(claim.position.compound),
        deducted=f"合计等于 {len(each)} 笔小计之和。",
        total=_yuan(claim.total),
        total_words=_words(claim.total),
        day_basis=_together([one.loan_no for one in each], [one.day_basis for one in each]),
        rate_clauses=_once(one.rate_clauses for one in each),
        until_payment_sentence=days_in_body(claim.position.until_paid),
    )


def _together(numbers: Sequence[str], values: Sequence[Any]) -> Any:  # noqa: ANN401 - a field
    """Return the value where all are alike, else each behind the number of its loan."""
    if all(value == values[0] for value in values):
        return values[0]
    if isinstance(values[0], str):
        return "；".join(
            f"（借据{number}）{value}" for number, value in zip(numbers, values, strict=True)
        )
    return tuple(
        line
        for number, lines in zip(numbers, values, strict=True)
        for line in (f"（借据{number}）", *lines)
        if lines
    )


def _once(texts: Any) -> str:  # noqa: ANN401 - an iterable of str
    return "、".join(dict.fromkeys(texts))


def _row(kind: str, *, amount: str = NOTHING, note: str) -> CalculationRow:
    """Return a row between the rows of the sheets; the template takes no empty cell."""
    return CalculationRow(
        kind=kind,
        base=NOTHING,
        rate=NOTHING,
        start=NOTHING,
        end=NOTHING,
        days=NOTHING,
        amount=amount,
        note=note,
    )


def _yuan(amount: Decimal) -> str:
    return f"{amount:,}"


def _words(amount: Decimal) -> str:
    return rmb_upper(amount).canonical if amount else NO_DEBT
