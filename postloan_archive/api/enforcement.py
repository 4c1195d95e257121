"""Papers of courts with what was read from them; costs, award and account of a case."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.api.bodies import read_body
from postloan_archive.api.once import once
from postloan_archive.api.replies import asked_limit, one, page, plain, written
from postloan_archive.cases import queries as cases
from postloan_archive.cases.service import AddEvent
from postloan_archive.court_papers import queries as papers
from postloan_archive.court_papers import service as paper_service
from postloan_archive.court_papers.queries import PaperRow
from postloan_archive.enforcement import service
from postloan_archive.enforcement.models import CaseCost
from postloan_archive.enforcement.rules.account import Award
from postloan_archive.enforcement.rules.rates import read_rate
from postloan_archive.enforcement.service import AddCost, KeepAward
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.money import ZERO
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("api_enforcement", __name__, url_prefix="/api/v1")


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardGiven:
    """What an effective paper awards, yuan; the rate in percent a year."""

    principal: Decimal
    interest_from: date
    performance_last_day: date
    interest: Decimal = ZERO
    costs: Decimal = ZERO
    rate_pct: str = ""
    day_basis: int = 360
    document_id: int | None = None
    note: str = ""


@bp.get("/court-papers")
@requires(Permission.CASE_VIEW)
def court_papers() -> ResponseReturnValue:
    """List papers of courts: `state` (waiting, entered, set_aside), `q`, `limit`, `offset`."""
    state = request.args.get("state", "waiting")
    with unit_of_work() as uow:
        rows, total = papers.papers(
            uow,
            state=state if state in papers.STATES else "waiting",
            word=request.args.get("q", "").strip(),
            offset=whole_number(request.args.get("offset")) or 0,
            limit=asked_limit(),
        )
        return written({"items": [_paper(row) for row in rows], "total": total})


@bp.get("/court-papers/<int:document_id>")
@requires(Permission.CASE_VIEW)
def court_paper(document_id: int) -> ResponseReturnValue:
    """Show what was read from a paper, where it stands, and the cases it may belong to."""
    with unit_of_work() as uow:
        row = papers.get_paper(uow, document_id)
        uow.record("archive.document_viewed", f"document:{document_id}", by="api")
        found = papers.suggested(uow, row.paper, row.loan_no)
        return one({**_paper(row), "suggestions": plain(found)})


@bp.post("/court-papers/<int:document_id>/entry")
@requires(Permission.CASE_EDIT)
def enter(document_id: int) -> ResponseReturnValue:
    """Enter a paper into the docket of a case as the proof of an event."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        event = paper_service.enter(uow, document_id, read_body(AddEvent))
        return {"document_id": document_id, "event_id": event.id}, 201

    return once(step)


@bp.get("/cases/<case_no>/costs")
@requires(Permission.CASE_VIEW)
def cost_list(case_no: str) -> ResponseReturnValue:
    """List the costs of a case, struck ones included."""
    with unit_of_work() as uow:
        rows = [_cost(row) for row in service.costs_of(uow, cases.get_case(uow, case_no))]
    return page(rows, lambda row: row["id"])


@bp.post("/cases/<case_no>/costs")
@requires(Permission.CASE_EDIT)
def add_cost(case_no: str) -> ResponseReturnValue:
    """Record a cost of a case."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        return _cost(service.add_cost(uow, read_body(AddCost, case_no=case_no))), 201

    return once(step)


@bp.post("/cases/<case_no>/award")
@requires(Permission.CASE_EDIT)
def keep_award(case_no: str) -> ResponseReturnValue:
    """Record what the effective paper of the court awards."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        given = read_body(AwardGiven)
        award = Award(
            principal=given.principal,
            interest=given.interest,
            costs=given.costs,
            rate_pct=read_rate(given.rate_pct),
            day_basis=given.day_basis,
            interest_from=given.interest_from,
            performance_last_day=given.performance_last_day,
        )
        row = service.keep_award(
            uow,
            KeepAward(
                case_no=case_no, award=award, document_id=given.document_id, note=given.note
            ),
        )
        return {"id": row.id, **plain(award)}, 201

    return once(step)


@bp.get("/cases/<case_no>/account")
@requires(Permission.CASE_VIEW)
def account(case_no: str) -> ResponseReturnValue:
    """Show the account of the judgment on `day` (today by default), line by line."""
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        text = request.args.get("day", "")
        day = read_date(text) if text else uow.clock.today()
        found = service.account_of(uow, case, day)
        if found is None:
            return one({"day": day, "account": None})
        return one(
            {
                "day": day,
                "account": found.value,
                "owed_total": found.value.owed.total,
                "basis": [str(each) for each in found.basis],
                "steps": found.steps,
            }
        )


def _paper(row: PaperRow) -> dict[str, object]:
    return {
        "document_id": row.document_id,
        "title": row.title,
        "loan_no": row.loan_no,
        "outcome": row.outcome or "waiting",
        "case_no": row.case_no or None,
        "kind": plain(row.paper.kind),
        "procedure": row.paper.procedure,
        "found": [
            {
                "field": plain(found.field),
                "value": f"{found.value:%H:%M}"
                if isinstance(found.value, time)
                else plain(found.value),
                "words": found.words,
                "role": found.role,
                "page": found.place.page,
                "start": found.place.start,
                "end": found.place.end,
            }
            for found in row.paper.found
        ],
        "best": plain(row.best),
    }


def _cost(row: CaseCost) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind,
        "amount": row.amount,
        "paid_on": row.paid_on,
        "borne_by": row.borne_by,
        "refund_due": row.refund_due,
        "refunded_on": row.refunded_on,
        "document_id": row.document_id,
        "note": row.note,
        "struck_reason": row.struck_reason,
    }
