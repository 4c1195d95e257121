"""报表: one filter, one page with chart and table, workbook, Word paper, frozen copies."""

import io
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, people
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.entries import read_date
from postloan_archive.reports import outputs, service
from postloan_archive.reports.catalogue import REPORTS, Group, report_of
from postloan_archive.reports.outputs import Head
from postloan_archive.reports.wanted import PeriodError, Wanted
from postloan_archive.sheets import XLSX, Table
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import look, unit_of_work

bp = Blueprint("reports", __name__, url_prefix="/reports")


@bp.get("")
@requires(Permission.REPORT_VIEW)
def index() -> ResponseReturnValue:
    """List the reports and the newest frozen ones."""
    branch_id = whole_number(request.args.get("branch"))
    with unit_of_work() as uow:
        return render_template(
            "reports/index.html",
            groups={
                group: {
                    key: report
                    for key, report in REPORTS.items()
                    if report.group is group and uow.actor.may(report.permission)
                }
                for group in Group
            },
            frozen=(found := service.frozen_reports(uow, branch_id=branch_id)),
            branch_id=branch_id,
            branches=[
                (row.id, row.name)
                for row in branches.tree(uow.session, only=uow.actor.branch_ids)
            ],
            who=people.names_of(uow, {row.made_by for row in found}),
            places=branches.names(uow.session),
        )


@bp.get("/<key>")
@requires(Permission.REPORT_VIEW)
def report(key: str) -> ResponseReturnValue:
    """Show one report."""
    with unit_of_work() as uow:
        wanted = _wanted(uow)
        table = service.make(uow, key, wanted)
        uow.record("reports.report_viewed", f"report:{key}", **_facts(wanted))
        found = report_of(key)
        return render_template(
            "reports/report.html",
            key=key,
            report=found,
            table=table,
            head=_head(uow, found.label, wanted, uow.clock.now(), uow.actor.display_name),
            chart=outputs.chart(table.bars, _(found.label)),
            wanted=wanted,
            branches=[
                (row.id, row.name)
                for row in branches.tree(uow.session, only=uow.actor.branch_ids)
            ],
            frozen=(kept := service.frozen_reports(uow, key, wanted.branch_id)),
            who=people.names_of(uow, {row.made_by for row in kept}),
        )


@bp.get("/<key>/<any(xlsx, docx):form>")
@requires(Permission.REPORT_VIEW)
def export(key: str, form: str) -> ResponseReturnValue:
    """Hand the report out as `xlsx` or `docx`."""
    with unit_of_work() as uow:
        wanted = _wanted(uow)
        table = service.make(uow, key, wanted)
        uow.record("reports.report_exported", f"report:{key}", form=form, **_facts(wanted))
        name = uow.actor.display_name or uow.actor.name
        head = _head(uow, report_of(key).label, wanted, uow.clock.now(), name)
    return _file(table, head, form, wanted.until)


@bp.post("/<key>/freeze")
@requires(Permission.REPORT_VIEW)
def freeze(key: str) -> ResponseReturnValue:
    """Keep the report as it is now."""
    with look() as uow:  # making it may take long and must keep no writer waiting
        wanted = _wanted(uow)
        content = service.content_of(uow, key, wanted)
    with unit_of_work() as uow:
        number = service.keep(uow, key, wanted, content).id
    flash(_("已存档，编号 %(no)s。存档后不再变化。", no=number))
    return redirect(url_for("reports.frozen", report_id=number))


@bp.get("/frozen/<int:report_id>")
@requires(Permission.REPORT_VIEW)
def frozen(report_id: int) -> ResponseReturnValue:
    """Show a frozen report."""
    with unit_of_work() as uow:
        row, table = service.get_frozen(uow, report_id)
        wanted = Wanted(since=row.since, until=row.until, branch_id=row.branch_id)
        return render_template(
            "reports/frozen.html",
            row=row,
            table=table,
            head=_head(uow, row.title, wanted, row.made_at, people.name_of(uow, row.made_by)),
            chart=outputs.chart(table.bars, _(row.title)),
        )


@bp.get("/frozen/<int:report_id>/<any(xlsx, docx):form>")
@requires(Permission.REPORT_VIEW)
def frozen_export(report_id: int, form: str) -> ResponseReturnValue:
    """Hand a frozen report out as `xlsx` or `docx`."""
    with unit_of_work() as uow:
        row, table = service.get_frozen(uow, report_id)
        uow.record("reports.report_exported", f"frozen_report:{row.id}", form=form)
        wanted = Wanted(since=row.since, until=row.until, branch_id=row.branch_id)
        by = people.name_of(uow, row.made_by)
        head = _head(uow, row.title, wanted, row.made_at, by)
    return _file(table, head, form, wanted.until)


def _wanted(uow: UnitOfWork) -> Wanted:
    given = request.values
    until = read_date(given["until"]) if given.get("until") else uow.clock.today()
    since = read_date(given["since"]) if given.get("since") else until.replace(day=1)
    if until < since:
        raise PeriodError(since=since, until=until)
    branch_id = whole_number(given.get("branch"))
    if branch_id is not None:
        branches.code_of(uow, branch_id)  # refuses one that does not exist
    return Wanted(since=since, until=until, branch_id=branch_id)


def _facts(wanted: Wanted) -> dict[str, object]:
    return {
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
        "branch_id": wanted.branch_id,
    }


def _head(uow: UnitOfWork, title: str, wanted: Wanted, at: datetime, by: str) -> Head:
    branch = "全部机构"
    if wanted.branch_id is not None:
        branch = branches.name_of(uow, wanted.branch_id)
    return Head(
        title=title,
        period=f"{wanted.since} 至 {wanted.until}",
        branch=branch,
        made_by=by,
        made_at=at,
    )


def _file(table: Table, head: Head, form: str, day: date) -> ResponseReturnValue:
    word = form == "docx"
    data = outputs.paper(table, head) if word else outputs.workbook(table, head)
    return send_file(
        io.BytesIO(data),
        mimetype=outputs.DOCX if word else XLSX,
        as_attachment=True,
        download_name=f"{head.title}-{day.isoformat()}.{'docx' if word else 'xlsx'}",
    )
