"""Deadlines: the list of the page with its filters, one of them, and done with its proof."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.api.bodies import BodyError, read_body
from postloan_archive.api.once import once
from postloan_archive.api.replies import (
    CursorError,
    asked_cursor,
    asked_limit,
    listed,
    one,
    plain,
    written,
)
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.worklist import interrupting, queries, service
from postloan_archive.worklist.filtering import DeadlineFilter, filter_of
from postloan_archive.worklist.interrupting import NoteInterruption
from postloan_archive.worklist.queries import SORTS
from postloan_archive.worklist.record import record_of
from postloan_archive.worklist.service import Finish

bp = Blueprint("api_deadlines", __name__, url_prefix="/api/v1")
FILTERS: Final = tuple(DeadlineFilter.__slots__)  # the same names as in the address of the page
PAGING: Final = ("sort", "limit", "cursor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The day on which a deadline was met, and the paper of its loan file that proves it."""

    done_on: date
    document_id: int | None = None
    note: str = ""


@bp.get("/deadlines")
@requires(Permission.DEADLINE_VIEW)
def deadline_list() -> ResponseReturnValue:
    """List the deadlines that the page shows under the same filters, the nearest first.

    Filters: scope (mine, all), branch, kind, span, within (days), state (open, done, struck,
    any), owner (`-` for nobody), words, loan_no, case_id, source, differs (1), gap. A name or
    value that the page does not know is refused, never left out.
    """
    wanted, sort = _wanted(), request.args.get("sort", "safe")
    if sort.removeprefix("-") not in SORTS:
        raise BodyError(faults=[f"sort 可选：{'、'.join(SORTS)}"])
    limit, after = asked_limit(), asked_cursor()
    with unit_of_work() as uow:
        start = 0
        if after is not None:
            number = whole_number(after)
            if number is None:
                raise CursorError
            start = number
        total = queries.count(uow, wanted)
        rows = queries.listing(uow, wanted, sort=sort, limit=limit, offset=start)
        more = start + len(rows) < total
    return listed(
        [record_of(row) for row in rows],
        next_key=str(start + len(rows)) if more and rows else None,
        total=total,
    )


@bp.get("/deadlines/<int:deadline_id>")
@requires(Permission.DEADLINE_VIEW)
def deadline(deadline_id: int) -> ResponseReturnValue:
    """Show one deadline with its three days, provision and derivation."""
    with unit_of_work() as uow:
        return one(_record(uow, deadline_id))


@bp.post("/deadlines/<int:deadline_id>/done")
@requires(Permission.DEADLINE_EDIT)
def done(deadline_id: int) -> ResponseReturnValue:
    """Record that a deadline was met, with its proof."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        said = read_body(Done)
        service.finish(
            uow,
            Finish(
                deadline_id=deadline_id,
                done_on=said.done_on,
                document_id=said.document_id,
                note=said.note,
            ),
        )
        return _record(uow, deadline_id), 201

    return once(step)


@bp.get("/loan-files/<loan_no>/interruptions")
@requires(Permission.LOAN_VIEW)
def interruption_list(loan_no: str) -> ResponseReturnValue:
    """List what interrupted the limitation of a loan, newest first, struck ones included."""
    with unit_of_work() as uow:
        rows = interrupting.rows(uow, loans.get_loan(uow, loan_no))
    return written({"items": [plain(row) for row in rows]})


@bp.post("/loan-files/<loan_no>/interruptions")
@requires(Permission.CASE_EDIT)
def note_interruption(loan_no: str) -> ResponseReturnValue:
    """Record an interruption with the paper that proves it; a refusal names the words."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        event = interrupting.note(uow, read_body(NoteInterruption, loan_no=loan_no))
        return {"id": event.id, "level": event.level, "counted": bool(event.confirmed_at)}, 201

    return once(step)


def _record(uow: UnitOfWork, deadline_id: int) -> dict[str, object]:
    return record_of(queries.one(uow, service.get_deadline(uow, deadline_id)))


def _wanted() -> DeadlineFilter:
    """Return the filter of the address.

    Raises:
        BodyError: a name or a value that the page would leave out.
    """
    known = (*FILTERS, *PAGING)
    faults = []
    for name in request.args:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            faults.append(f"没有参数 {name}" + (f"，是否 {near[0]}" if near else ""))
    wanted = filter_of(request.args)
    for name in FILTERS:
        given = request.args.get(name, "").strip()
        taken = getattr(wanted, name)
        said = "1" if taken is True else "" if taken in {None, False} else str(taken)
        if given and said != given and not (name == "differs" and given == "0"):
            faults.append(f"{name} 没有“{given}”这个取值")
    if faults:
        raise BodyError(faults=faults)
    return wanted
