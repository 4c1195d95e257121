"""Interruptions entered by hand: what counts, what waits, what is refused."""

from dataclasses import replace
from datetime import date

import pytest

from postloan_archive.archive.errors import DocumentNotFoundError
from postloan_archive.kernel.errors import RuleError
from postloan_archive.loans import queries
from postloan_archive.loans.clocks import header_clocks
from postloan_archive.worklist import interrupting
from postloan_archive.worklist.errors import ForeignProofError
from postloan_archive.worklist.interrupting import (
    InterruptionDayError,
    NoSuchGuarantorError,
    NotAgainstGuarantorError,
    NoteInterruption,
    ProcedureEndError,
    UnknownKindError,
    UnknownProofError,
)
from tests.worklist.conftest import a_paper, guaranteed_loan, overdue_loan, text_of


@pytest.fixture
def given(new_uow):
    """An overdue loan with one paper: what a person would enter about it."""
    with new_uow() as uow:
        loan = overdue_loan(uow)
        return NoteInterruption(
            loan_no=loan.loan_no,
            kind="acknowledgement",
            on=date(2026, 8, 31),
            proof="signed",
            document_id=a_paper(uow, loan),
        )


def end_of(new_uow, loan_no):
    with new_uow() as uow:
        clocks = header_clocks(uow, queries.get_loan(uow, loan_no))
        due = next(one.due for one in clocks if one.key == "limitation")
        return due and due.nominal


def test_a_signed_promise_counts_and_struck_it_counts_no_more(new_uow, given):
    with new_uow() as uow:
        event_id = interrupting.note(uow, given).id
    assert end_of(new_uow, given.loan_no) == date(2029, 8, 31)

    with new_uow() as uow:
        interrupting.strike(uow, given.loan_no, event_id, "签字人不是债务人")
    assert end_of(new_uow, given.loan_no) == date(2029, 3, 2)


def test_a_recorded_call_waits_for_legal(new_uow, given):
    with new_uow() as uow:
        event_id = interrupting.note(uow, replace(given, kind="demand", proof="phone")).id
    assert end_of(new_uow, given.loan_no) == date(2029, 3, 2)

    with new_uow() as uow:
        interrupting.confirm(uow, given.loan_no, event_id)
    assert end_of(new_uow, given.loan_no) == date(2029, 8, 31)


def test_an_arbitration_runs_until_it_ends(new_uow, given):
    with new_uow() as uow:
        interrupting.note(uow, replace(given, kind="arbitration", proof="filed"))
    assert end_of(new_uow, given.loan_no) is None

    ended = replace(given, kind="suit", proof="filed", ended_on=date(2026, 10, 9))
    with new_uow() as uow:
        [row] = interrupting.rows(uow, queries.get_loan(uow, given.loan_no))
        interrupting.strike(uow, given.loan_no, row.id, "记错")
        interrupting.note(uow, ended)
    assert end_of(new_uow, given.loan_no) == date(2029, 10, 9)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": "money"}, UnknownKindError),
        ({"proof": "hearsay"}, UnknownProofError),
        ({"on": date(2025, 3, 1)}, InterruptionDayError),  # the day before the money went out
        ({"on": date(2027, 1, 1)}, InterruptionDayError),
        ({"ended_on": date(2026, 9, 1)}, ProcedureEndError),  # a promise has no procedure
        ({"kind": "suit", "ended_on": date(2026, 8, 30)}, ProcedureEndError),
        ({"guarantor": "无此人"}, NoSuchGuarantorError),
        ({"document_id": 999_999}, DocumentNotFoundError),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(new_uow, given, changes, error):
    with pytest.raises((RuleError, DocumentNotFoundError)) as refused, new_uow() as uow:
        interrupting.note(uow, replace(given, **changes))

    assert isinstance(refused.value, error)
    with new_uow() as uow:
        assert interrupting.rows(uow, queries.get_loan(uow, given.loan_no)) == []


def test_a_demand_on_the_guarantor_claims_this_guarantee_alone(new_uow):
    with new_uow() as uow:
        loan = queries.get_loan_by_id(uow, guaranteed_loan(uow).loan_id)
        loan_no, paper = loan.loan_no, a_paper(uow, loan)
        foreign = a_paper(uow, overdue_loan(uow, loan_no="JJ2025-0002", contract_no="合2"))
    demand = NoteInterruption(
        loan_no=loan_no,
        kind="demand",
        on=date(2026, 9, 2),  # the last day of six months
        proof="ems",
        document_id=paper,
        guarantor="李四",
    )
    with pytest.raises(NotAgainstGuarantorError), new_uow() as uow:
        interrupting.note(uow, replace(demand, kind="acknowledgement"))
    with pytest.raises(ForeignProofError), new_uow() as uow:
        interrupting.note(uow, replace(demand, document_id=foreign))
    with new_uow() as uow:
        interrupting.note(uow, demand)
        found = header_clocks(uow, queries.get_loan(uow, loan_no))
        clocks = {one.key.rstrip("0123456789"): one for one in found}

    assert clocks["guarantee-"].done
    assert clocks["guarantee-debt-"].due.nominal == date(2029, 9, 2)


def test_the_page_takes_it_and_names_what_is_wrong(legal, new_uow):
    with new_uow() as uow:
        loan = queries.get_loan(uow, "JJ2025-0003")
        paper = a_paper(uow, loan)
    address = "/loans/JJ2025-0003/interruptions"
    said = {"kind": "demand", "guarantor": "", "proof": "visit", "document_id": paper}

    assert "请填写发生日" in legal.post(address, data=said).get_data(as_text=True)
    late = legal.post(address, data={**said, "on": "2030-1-1"})
    assert (late.status_code, "应在放款日" in late.get_data(as_text=True)) == (422, True)
    legal.post(address, data={**said, "on": "2026年9月1日"})
    assert "待确认" in text_of(legal.get(address))
