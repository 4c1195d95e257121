"""Collection: worklists, the record of a loan, contacts, pauses, complaints, agencies."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.api.bodies import BodyError, read_body
from postloan_archive.api.columns import columns_of
from postloan_archive.api.once import once
from postloan_archive.api.replies import asked_limit, one, page, plain, written
from postloan_archive.collection import lists, queries
from postloan_archive.collection.models import Complaint
from postloan_archive.collection.queries import AskedWork, WorkRow
from postloan_archive.collection.rules import Stage, StopReason
from postloan_archive.collection.service import contacts, debtors, pauses, plans
from postloan_archive.collection.service.contacts import LogContact
from postloan_archive.collection.service.debtors import NoteSurvey, Place
from postloan_archive.collection.service.pauses import NoteComplaint
from postloan_archive.collection.service.plans import ProposePlan
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("api_collecting", __name__, url_prefix="/api/v1")
WORK: Final = ("stage", "mine", "branch", "collector", "q", "offset", "limit")
VIEWS: Final = ("soon", "open", "broken", "kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWanted:
    """Why collection of the debtor pauses."""

    reason: StopReason
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The reason or the content of a step."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a complaint was answered, or why it takes thirty days more."""

    outcome: str
    extend: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Why a loan comes back from an agency, and what came of it."""

    why: str
    result: str = ""
    data_returned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPayment:
    """One payment of a plan, yuan."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWanted:
    """What a debtor in difficulty is to be allowed."""

    hardship: str
    payments: tuple[PlanPayment, ...]


@bp.get("/collection/worklist")
@requires(Permission.COLLECTION_VIEW)
def worklist() -> ResponseReturnValue:
    """List the loans of a `stage` (到期前, M1, M2–M3, M3+), what was last said and promised."""
    given = request.args
    stage = given.get("stage", str(Stage.M1))
    if stage not in set(Stage):
        raise BodyError(faults=[f"stage 可选：{'、'.join(Stage)}"])
    asked = AskedWork(
        mine=given.get("mine") == "1",
        branch_id=whole_number(given.get("branch")),
        collector=given.get("collector", ""),
        word=given.get("q", ""),
    )
    with unit_of_work() as uow:
        rows, total = queries.worklist(
            uow,
            Stage(stage),
            asked,
            offset=whole_number(given.get("offset")) or 0,
            limit=asked_limit(),
        )
    return written({"items": [plain(_work(row)) for row in rows], "total": total})


@bp.get("/loan-files/<loan_no>/collection")
@requires(Permission.COLLECTION_VIEW)
def record(loan_no: str) -> ResponseReturnValue:
    """Show everything collection knows of a loan, and how its guarantors stand."""
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        found = queries.record_of(uow, loan.id, loan.customer_id)
        body = {
            "loan_no": loan.loan_no,
            "collector": found.collector,
            "calls_today": queries.calls_on(uow, loan.customer_id, uow.clock.today()),
            "contacts": columns_of(found.contacts),
            "promises": columns_of(found.promises),
            "stops": columns_of(found.stops),
            "complaints": columns_of(found.complaints),
            "surveys": columns_of(found.surveys),
            "placements": columns_of(found.placements),
            "plans": columns_of(lists.plans_of(uow, loan.id)),
            "guarantors": [
                {
                    "guarantee_id": row.guarantee_id,
                    "name": row.name,
                    "kind": row.kind,
                    "contract_no": row.contract_no,
                    "status": row.status,
                    "last_day": row.due.nominal,
                    "safe_day": row.due.safe,
                    "last_at": row.last_at,
                    "last_result": row.last_result,
                    "contacts": row.contacts,
                }
                for row in lists.guarantor_track(uow, loan)
            ],
        }
        uow.record("collection.record_viewed", f"loan:{loan.loan_no}", by="api")
    return one(body)


@bp.post("/loan-files/<loan_no>/contacts/check")
@requires(Permission.COLLECTION_VIEW)
def check(loan_no: str) -> ResponseReturnValue:
    """Say whether a contact may be made now, before it is dialled; nothing is noted."""
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        cmd = read_body(LogContact, loan_no=loan_no)
        found = contacts.check_contact(uow, loan, cmd)
        stops = [row.reason for row in queries.stops_of(uow, loan.customer_id)]
    return written(
        plain(
            {
                "allowed": found.value.allowed and not stops,
                "reasons": found.value.reasons,
                "stops": stops,
                "steps": found.steps,
                "basis": [str(each) for each in found.basis],
            }
        )
    )


@bp.post("/loan-files/<loan_no>/contacts")
@requires(Permission.COLLECTION_EDIT)
def log(loan_no: str) -> ResponseReturnValue:
    """Note a contact that took place, with the promise that came of it."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        made = contacts.log_contact(uow, read_body(LogContact, loan_no=loan_no))
        return {"id": made.id, "violations": made.violations}, 201

    return once(step)


@bp.post("/loan-files/<loan_no>/stops")
@requires(Permission.COLLECTION_EDIT)
def stop(loan_no: str) -> ResponseReturnValue:
    """Pause collection for the debtor."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(StopWanted)
        row = pauses.set_stop(uow, loan_no, given.reason, given.note)
        return {"id": row.id, "reason": row.reason, "since": row.since}, 201

    return once(step)


@bp.post("/collection/stops/<int:stop_id>/lift")
@requires(Permission.COLLECTION_LEAD)
def lift(stop_id: int) -> ResponseReturnValue:
    """Go on with collection; `words` say why."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        row = pauses.lift_stop(uow, stop_id, read_body(Why).words)
        return {"id": row.id, "lifted_on": row.lifted_on}, 200

    return once(step)


@bp.get("/complaints")
@requires(Permission.COLLECTION_VIEW)
def complaints() -> ResponseReturnValue:
    """List the complaints, the first to answer at the head."""
    with unit_of_work() as uow:
        rows = [{**_complaint(row), "loan_no": no} for row, no in lists.complaints(uow)]
    return page(rows, lambda row: row["complaint_no"])


@bp.post("/loan-files/<loan_no>/complaints")
@requires(Permission.COLLECTION_EDIT)
def complain(loan_no: str) -> ResponseReturnValue:
    """Register a complaint; collection pauses until it is answered."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        row = pauses.note_complaint(uow, read_body(NoteComplaint, loan_no=loan_no))
        return _complaint(row), 201

    return once(step)


@bp.post("/complaints/<complaint_no>/answer")
@requires(Permission.COLLECTION_LEAD)
def answer(complaint_no: str) -> ResponseReturnValue:
    """Answer a complaint, or with `extend` give it thirty days more."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(Answer)
        done = pauses.extend_complaint if given.extend else pauses.answer_complaint
        return _complaint(done(uow, complaint_no, given.outcome)), 200

    return once(step)


@bp.get("/promises")
@requires(Permission.COLLECTION_VIEW)
def promises() -> ResponseReturnValue:
    """List promises by `view`: soon, open, broken or kept."""
    view = request.args.get("view", "soon")
    if view not in VIEWS:
        raise BodyError(faults=[f"view 可选：{'、'.join(VIEWS)}"])
    with unit_of_work() as uow:
        rows = [
            {
                **columns_of([row.promise])[0],
                "loan_no": row.heading.loan_no,
                "customer": row.heading.customer,
                "collector": row.collector,
                "days_left": row.left,
                "answered": row.answered,
            }
            for row in lists.promises(uow, view)
        ]
    return page(rows, lambda row: row["id"])


@bp.post("/loan-files/<loan_no>/surveys")
@requires(Permission.COLLECTION_EDIT)
def survey(loan_no: str) -> ResponseReturnValue:
    """Keep what was found out about the debtor; urgent answers raise risk signals."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        row = debtors.note_survey(uow, read_body(NoteSurvey, loan_no=loan_no))
        return {"id": row.id, "urgent": row.urgent}, 201

    return once(step)


@bp.post("/loan-files/<loan_no>/hardship-plans")
@requires(Permission.COLLECTION_EDIT)
def plan(loan_no: str) -> ResponseReturnValue:
    """Propose a plan for a debtor in difficulty: `payments` of `due_on` and `amount`."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(PlanWanted)
        row = plans.propose_plan(
            uow,
            ProposePlan(
                loan_no=loan_no,
                hardship=given.hardship,
                rates=tuple((one.due_on, one.amount) for one in given.payments),
            ),
        )
        return {"id": row.id, "state": row.state}, 201

    return once(step)


@bp.post("/loan-files/<loan_no>/placements")
@requires(Permission.COLLECTION_LEAD)
def place(loan_no: str) -> ResponseReturnValue:
    """Give the loan to an agency with the data that it may have."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        row = debtors.place(uow, read_body(Place, loan_no=loan_no))
        return columns_of([row])[0], 201

    return once(step)


@bp.post("/placements/<int:placement_id>/recall")
@requires(Permission.COLLECTION_LEAD)
def recall(placement_id: int) -> ResponseReturnValue:
    """Take a loan back from an agency."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(Recall)
        row = debtors.recall(
            uow, placement_id, given.why, given.result, returned=given.data_returned
        )
        return columns_of([row])[0], 200

    return once(step)


def _work(row: WorkRow) -> dict[str, object]:
    standing = row.standing
    return {
        "loan_no": standing.loan_no,
        "customer": standing.customer,
        "manager": standing.manager,
        "balance": standing.balance,
        "due_on": standing.due_on,
        "overdue_days": standing.overdue_days,
        "bucket": standing.bucket,
        "risk_class": standing.risk_class,
        "collector": row.collector,
        "last_at": row.last_at,
        "last_result": row.last_result,
        "promised": row.promised,
        "promise_due": row.promise_due,
        "broken_promises": row.broken,
        "stopped": row.stopped,
        "agency": row.agency,
    }


def _complaint(row: Complaint) -> dict[str, object]:
    return columns_of([row])[0]
