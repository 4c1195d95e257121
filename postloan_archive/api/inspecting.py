"""Inspections, risk signals and the classes of a month; reports and their frozen copies."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.api.bodies import BodyError, read_body
from postloan_archive.api.columns import columns_of
from postloan_archive.api.once import once
from postloan_archive.api.replies import asked_limit, one, plain, written
from postloan_archive.inspection import lists, queries
from postloan_archive.inspection.lists import AskedDue, AskedSignals
from postloan_archive.inspection.models import ClassDecision
from postloan_archive.inspection.queries import AskedClasses
from postloan_archive.inspection.questions import CONCLUSIONS, form_kind, questions
from postloan_archive.inspection.rules import InspectionKind
from postloan_archive.inspection.service import classes, facts, inspections, signals
from postloan_archive.inspection.service.facts import NoteFact
from postloan_archive.inspection.service.inspections import MakeInspection
from postloan_archive.kernel.entries import read_date
from postloan_archive.loans import queries as loans
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("api_inspecting", __name__, url_prefix="/api/v1")
DUE: Final = ("days", "kind", "branch", "q", "offset", "limit")
SIGNALS: Final = ("late", "kind", "owner", "branch", "q", "offset", "limit")
CLASSES: Final = ("state", "branch", "proposed", "changed", "offset", "limit")
LONGEST_LOOK: Final = 366  # days ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionGiven:
    """An inspection that was made; `answers` by the keys of `/inspection-form`."""

    kind: InspectionKind
    made_on: date
    answers: dict[str, str]
    conclusion: str
    place: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSeen:
    """A signal that a person saw."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalClosed:
    """What was done about a signal, and why it is over."""

    measure: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSeen:
    """A fact that sets a floor for the class; `value` in percent where it is a share."""

    name: str
    note: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassWanted:
    """The class that somebody decides on; better than the floor needs a reason and approval."""

    risk_class: RiskClass
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassApproved:
    """Whether a class better than the floor is approved."""

    agree: bool


@bp.get("/inspections/due")
@requires(Permission.INSPECTION_VIEW)
def due() -> ResponseReturnValue:
    """List the inspections due within `days` (30), the first due at the head."""
    days = min(whole_number(request.args.get("days")) or 30, LONGEST_LOOK)
    with unit_of_work() as uow:
        asked = AskedDue(
            until=uow.clock.today() + timedelta(days=days),
            kind=request.args.get("kind", ""),
            branch_id=whole_number(request.args.get("branch")),
            word=request.args.get("q", ""),
        )
        rows = lists.due_inspections(
            uow,
            asked,
            offset=whole_number(request.args.get("offset")) or 0,
            limit=asked_limit(),
        )
        total = lists.count_due(uow, asked)
    return written({"items": plain(rows), "total": total})


@bp.get("/loan-files/<loan_no>/inspections")
@requires(Permission.INSPECTION_VIEW)
def of_loan(loan_no: str) -> ResponseReturnValue:
    """Show plan, inspections, signals, facts and classes of one loan."""
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        return one(
            {
                "loan_no": loan.loan_no,
                "plan": [
                    {
                        "kind": row.kind,
                        "due_on": row.due_on,
                        "not_before": row.not_before,
                        "item_code": row.item_code,
                        "reason": row.reason,
                        "basis": str(row.basis),
                    }
                    for row in queries.plan_of(uow, loan)
                ],
                "made": columns_of(queries.inspections_of(uow, loan.id)),
                "signals": columns_of(queries.signals_of(uow, loan.id)),
                "facts": columns_of(facts.facts_of(uow, loan.id)),
                "classes": columns_of(queries.history_of(uow, loan.id)),
            }
        )


@bp.get("/loan-files/<loan_no>/inspection-form")
@requires(Permission.INSPECTION_VIEW)
def form(loan_no: str) -> ResponseReturnValue:
    """Show the questions of an inspection of `kind` for this loan, in the order of the form."""
    kind = request.args.get("kind", str(InspectionKind.REGULAR))
    if kind not in set(InspectionKind):
        raise BodyError(faults=[f"kind 可选：{'、'.join(InspectionKind)}"])
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        which = form_kind(loan.product, loan.customer.kind)
    return one(
        {
            "kind": kind,
            "form": which,
            "questions": questions(InspectionKind(kind), which),
            "conclusions": CONCLUSIONS,
        }
    )


@bp.post("/loan-files/<loan_no>/inspections")
@requires(Permission.INSPECTION_EDIT)
def make(loan_no: str) -> ResponseReturnValue:
    """Keep an inspection and file its report as Word; photos are sent as items of the file."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(InspectionGiven)
        if given.conclusion not in CONCLUSIONS:
            raise BodyError(faults=[f"conclusion 可选：{'、'.join(CONCLUSIONS)}"])
        row = inspections.make(
            uow,
            MakeInspection(
                loan_no=loan_no,
                kind=given.kind,
                made_on=given.made_on,
                answers=given.answers,
                conclusion=given.conclusion,
                place=given.place,
                remarks=given.remarks,
            ),
        )
        return {"id": row.id, "document_id": row.document_id}, 201

    return once(step)


@bp.get("/risk-signals")
@requires(Permission.INSPECTION_VIEW)
def open_signals() -> ResponseReturnValue:
    """List the open signals, the first due at the head."""
    given = request.args
    asked = AskedSignals(
        state="late" if given.get("late") == "1" else "open",
        kind=given.get("kind", ""),
        owner=given.get("owner", ""),
        branch_id=whole_number(given.get("branch")),
        word=given.get("q", ""),
    )
    with unit_of_work() as uow:
        rows = [
            {**columns_of([row])[0], "loan_no": head.loan_no, "customer": head.customer}
            for row, head in lists.signals(
                uow, asked, offset=whole_number(given.get("offset")) or 0, limit=asked_limit()
            )
        ]
        total = lists.count_signals(uow, asked)
    return written({"items": rows, "total": total})


@bp.post("/loan-files/<loan_no>/risk-signals")
@requires(Permission.INSPECTION_EDIT)
def raise_signal(loan_no: str) -> ResponseReturnValue:
    """Enter a signal that a person saw."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(SignalSeen)
        row = signals.raise_signal(uow, loan_no, given.kind, given.text)
        uow.session.flush()  # the answer names the id
        return columns_of([row])[0], 201

    return once(step)


@bp.post("/risk-signals/<int:signal_id>/close")
@requires(Permission.INSPECTION_EDIT)
def close_signal(signal_id: int) -> ResponseReturnValue:
    """Close a signal with what was done about it."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(SignalClosed)
        row = signals.close_signal(uow, signal_id, given.measure, given.why)
        return columns_of([row])[0], 200

    return once(step)


@bp.post("/loan-files/<loan_no>/risk-facts")
@requires(Permission.INSPECTION_EDIT)
def note_fact(loan_no: str) -> ResponseReturnValue:
    """Note a fact that sets a floor for the class besides overdue days."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(FactSeen)
        row = facts.note_fact(
            uow,
            NoteFact(loan_no=loan_no, name=given.name, note=given.note, value=given.value),
        )
        return columns_of([row])[0], 201

    return once(step)


@bp.get("/classification/<month>")
@requires(Permission.INSPECTION_VIEW)
def classification(month: str) -> ResponseReturnValue:
    """List the proposals and decisions of a month such as 2026-11."""
    given = request.args
    asked = AskedClasses(
        state=given.get("state", ""),
        branch_id=whole_number(given.get("branch")),
        proposed=given.get("proposed", ""),
        changed=given.get("changed") == "1",
    )
    name = classes.month_of(read_date(f"{month}-01"))
    with unit_of_work() as uow:
        rows = queries.decisions(
            uow,
            name,
            asked=asked,
            limit=asked_limit(),
            offset=whole_number(given.get("offset")) or 0,
        )
        items = [
            {**_decision(row), "loan_no": head.loan_no, "customer": head.customer}
            for row, head in rows
        ]
        total = queries.count_decisions(uow, name, asked)
    return written({"month": name, "items": items, "total": total})


@bp.post("/classification/decisions/<int:decision_id>")
@requires(Permission.CLASSIFY)
def decide(decision_id: int) -> ResponseReturnValue:
    """Decide on the class of one loan; better than the floor waits for another person."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(ClassWanted)
        row = classes.decide(uow, decision_id, given.risk_class, given.why)
        return _decision(row), 200

    return once(step)


@bp.post("/classification/decisions/<int:decision_id>/approval")
@requires(Permission.CLASSIFY)
def approve(decision_id: int) -> ResponseReturnValue:
    """Approve or send back a class that is better than the rules allow."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        return _decision(
            classes.approve(uow, decision_id, agree=read_body(ClassApproved).agree)
        ), 200

    return once(step)


def _decision(row: ClassDecision) -> dict[str, object]:
    return columns_of([row])[0]
