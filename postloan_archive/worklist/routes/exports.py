"""Deadlines taken along: workbook, calendar file, week sheet; each in the audit trail."""

from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.worklist import calendar_file, queries, week, workbook
from postloan_archive.worklist.filtering import DeadlineFilter, filter_of
from postloan_archive.worklist.queries import DeadlineRow
from postloan_archive.worklist.routes.blueprint import bp
from postloan_archive.worklist.routes.faces import face_of


@bp.get("/deadlines/export.xlsx")
@requires(Permission.DEADLINE_VIEW)
def export_workbook() -> ResponseReturnValue:
    """Return the filtered deadlines as a workbook."""
    with unit_of_work() as uow:
        rows = _exported(uow, filter_of(request.args), "xlsx")
        content = workbook.workbook(
            rows,
            title=_("期限清单"),
            made_by=uow.actor.display_name or uow.actor.name,
            made_at=uow.clock.now(),
        )
        name = f"期限清单_{uow.clock.today()}.xlsx"
        return download(content, name=name, media_type=workbook.MEDIA_TYPE)


@bp.get("/deadlines/export.ics")
@requires(Permission.DEADLINE_VIEW)
def export_calendar() -> ResponseReturnValue:
    """Return the filtered deadlines as a calendar file."""
    with unit_of_work() as uow:
        rows = _exported(uow, filter_of(request.args), "ics")
        content = calendar_file.calendar_file(
            rows, name=_("贷后期限"), now=uow.clock.now(), base=site()
        )
        name = f"期限_{uow.clock.today()}.ics"
        return download(content, name=name, media_type=calendar_file.MEDIA_TYPE)


@bp.get("/deadlines/week")
@requires(Permission.DEADLINE_VIEW)
def week_sheet() -> ResponseReturnValue:
    """Show the deadlines of one week as a sheet to print, what is over at its head."""
    with unit_of_work() as uow:
        today = uow.clock.today()
        monday = week.monday_of(_day(request.args.get("from")) or today)
        wanted = filter_of(request.args)
        days = week.sheet(uow, wanted, monday)
        shown = [row for _label, _on, rows in days for row in rows]
        uow.record(
            "worklist.week_printed",
            "deadlines:week",
            monday=monday.isoformat(),
            filter=wanted.query(),
            count=len(shown),
        )
        return render_template(
            "worklist/week.html",
            days=days,
            total=len(shown),
            monday=monday,
            sunday=monday + timedelta(days=6),
            before=monday - timedelta(days=7),
            after=monday + timedelta(days=7),
            faces={row.id: face_of(row, today) for row in shown},
            wanted=wanted,
            printed_at=uow.clock.now(),
        )


def site() -> str:
    """Return the address of the installation as the browser reached it."""
    return request.host_url.rstrip("/")


def _exported(uow: UnitOfWork, wanted: DeadlineFilter, form: str) -> list[DeadlineRow]:
    rows = queries.listing(uow, wanted)
    uow.record(
        "worklist.deadlines_exported",
        "deadlines:list",
        form=form,
        filter=wanted.query(),
        count=len(rows),
    )
    return rows


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
