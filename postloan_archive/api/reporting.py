"""Reports as figures, and the frozen ones with author, time and filter."""

from datetime import date
from typing import Final

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.api.once import once
from postloan_archive.api.replies import one, page
from postloan_archive.kernel.entries import read_date
from postloan_archive.reports import service
from postloan_archive.reports.catalogue import REPORTS, report_of
from postloan_archive.reports.wanted import PeriodError, Wanted
from postloan_archive.sheets import Table
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("api_reporting", __name__, url_prefix="/api/v1")
FILTER: Final = ("since", "until", "branch")


@bp.get("/reports")
@requires(Permission.REPORT_VIEW)
def reports() -> ResponseReturnValue:
    """List the reports that the caller may see."""
    with unit_of_work() as uow:
        return one(
            {
                "items": [
                    {"key": key, "label": report.label, "lead": report.lead}
                    for key, report in REPORTS.items()
                    if uow.actor.may(report.permission)
                ]
            }
        )


@bp.get("/reports/<key>")
@requires(Permission.REPORT_VIEW)
def report(key: str) -> ResponseReturnValue:
    """Show the figures of a report for a period and a branch; this month unless said."""
    with unit_of_work() as uow:
        wanted = _wanted(uow)
        table = service.make(uow, key, wanted)
        uow.record(
            "reports.report_viewed",
            f"report:{key}",
            since=wanted.since.isoformat(),
            until=wanted.until.isoformat(),
            branch_id=wanted.branch_id,
            by="api",
        )
        return one(
            {"key": key, "label": report_of(key).label, **_query(wanted), **_figures(table)}
        )


@bp.post("/reports/<key>/freeze")
@requires(Permission.REPORT_VIEW)
def freeze(key: str) -> ResponseReturnValue:
    """Keep the report as it is now for good."""

    def step(uow: UnitOfWork) -> tuple[object, int]:
        row = service.freeze(uow, key, _wanted(uow))
        return {"id": row.id, "digest": row.digest, "made_at": row.made_at}, 201

    return once(step)


@bp.get("/frozen-reports")
@requires(Permission.REPORT_VIEW)
def frozen_reports() -> ResponseReturnValue:
    """List the frozen reports, newest first; `key` names one kind, `branch` one branch."""
    with unit_of_work() as uow:
        rows = [
            {
                "id": row.id,
                "key": row.key,
                "label": row.title,
                "since": row.since,
                "until": row.until,
                "branch_id": row.branch_id,
                "made_by": row.made_by,
                "made_at": row.made_at,
                "digest": row.digest,
            }
            for row in service.frozen_reports(
                uow, request.args.get("key") or None, whole_number(request.args.get("branch"))
            )
        ]
    return page(rows, lambda row: row["id"])


@bp.get("/frozen-reports/<int:report_id>")
@requires(Permission.REPORT_VIEW)
def frozen_report(report_id: int) -> ResponseReturnValue:
    """Show a frozen report; its digest was checked."""
    with unit_of_work() as uow:
        row, table = service.get_frozen(uow, report_id)
        wanted = Wanted(since=row.since, until=row.until, branch_id=row.branch_id)
        return one(
            {
                "id": row.id,
                "key": row.key,
                "label": row.title,
                "made_by": row.made_by,
                "made_at": row.made_at,
                "digest": row.digest,
                **_query(wanted),
                **_figures(table),
            }
        )


def _wanted(uow: UnitOfWork) -> Wanted:
    given = request.args
    until = _day("until") or uow.clock.today()
    since = _day("since") or until.replace(day=1)
    if until < since:
        raise PeriodError(since=since, until=until)
    branch_id = whole_number(given.get("branch"))
    if branch_id is not None:
        branches.code_of(uow, branch_id)  # refuses one that does not exist
    return Wanted(since=since, until=until, branch_id=branch_id)


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    return read_date(text) if text else None


def _query(wanted: Wanted) -> dict[str, object]:
    return {"since": wanted.since, "until": wanted.until, "branch_id": wanted.branch_id}


def _figures(table: Table) -> dict[str, object]:
    return {
        "columns": [{"label": one.label, "kind": one.kind} for one in table.columns],
        "rows": table.rows,
        "foot": table.foot,
        "notes": table.notes,
    }
