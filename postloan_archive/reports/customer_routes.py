"""贷后管理报告: who has one in a period, making one from the facts, reading a filed one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import people
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.reports import customer_reports
from postloan_archive.reports.customer_reports import FileReport
from postloan_archive.reports.outputs import DOCX
from postloan_archive.reports.periods import offered, period_of, quarter_of
from postloan_archive.web.downloads import download
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text

bp = Blueprint("customer_reports", __name__, url_prefix="/customer-reports")


@bp.get("")
@requires(Permission.INSPECTION_VIEW)
def index() -> ResponseReturnValue:
    """List the customers of a period with their reports, or those without one."""
    missing, word = request.args.get("missing") == "1", request.args.get("q", "")
    with unit_of_work() as uow:
        today = uow.clock.today()
        given = request.args.get("period", "")
        period = period_of(given) if given else quarter_of(today)
        total = customer_reports.how_many(uow, period, word, missing=missing)
        without = customer_reports.how_many(uow, period, word, missing=True)
        page = page_of(request.args, total=total)
        return render_template(
            "reports/customers.html",
            rows=customer_reports.customers(
                uow, period, word, missing=missing, offset=page.offset, limit=page.size
            ),
            page=page,
            period=period,
            periods=[(one.name, one.words) for one in offered(today)],
            word=word,
            missing=missing,
            without=without,
        )


@bp.route("/customers/<int:customer_id>", methods=["GET", "POST"])
@requires(Permission.INSPECTION_EDIT)
def make(customer_id: int) -> ResponseReturnValue:
    """Show the facts of a customer in a period; file the report with an opinion."""
    given, fault = request.values.get("period", ""), ""
    with unit_of_work() as uow:
        period = period_of(given) if given else quarter_of(uow.clock.today())
    if request.method == "POST":
        try:
            with unit_of_work() as uow:
                number = customer_reports.file_report(
                    uow,
                    FileReport(
                        customer_id=customer_id,
                        period=period,
                        opinion=request.form.get("opinion", ""),
                        measures=request.form.get("measures", ""),
                    ),
                ).id
        except PostloanError as error:
            if error.field is None:
                raise
            fault = error_text(error)
        else:
            flash(_("贷后管理报告已归入案卷。"))
            return redirect(url_for("customer_reports.report", customer_report_id=number))
    with unit_of_work() as uow:
        customer, sections = customer_reports.look(uow, customer_id, period)
        uow.record(
            "reports.customer_facts_viewed", f"customer:{customer_id}", period=period.name
        )
        page = render_template(
            "reports/customer.html",
            customer=customer,
            sections=sections,
            period=period,
            periods=[(one.name, one.words) for one in offered(uow.clock.today())],
            fault=fault,
            filed=customer_reports.reports_of(uow, customer_id),
        )
    return page, 422 if fault else 200


@bp.get("/<int:customer_report_id>")
@requires(Permission.INSPECTION_VIEW)
def report(customer_report_id: int) -> ResponseReturnValue:
    """Show a filed report with the records behind its facts."""
    with unit_of_work() as uow:
        row, sections = customer_reports.get_report(uow, customer_report_id)
        customer = customer_reports.customer_of(uow, row)
        uow.record(
            "reports.customer_report_viewed", f"customer:{row.customer_id}", report=row.id
        )
        return render_template(
            "reports/customer_filed.html",
            row=row,
            customer=customer,
            sections=sections,
            who=people.names_of(uow, {row.made_by}),
        )


@bp.get("/<int:customer_report_id>/report.docx")
@requires(Permission.INSPECTION_VIEW)
def export(customer_report_id: int) -> ResponseReturnValue:
    """Hand out a filed report as Word."""
    with unit_of_work() as uow:
        row, _sections = customer_reports.get_report(uow, customer_report_id)
        data = customer_reports.paper(uow, row)
        uow.record(
            "reports.customer_report_exported", f"customer:{row.customer_id}", report=row.id
        )
        name = f"贷后管理报告-{customer_reports.customer_of(uow, row).name}-{row.until}.docx"
    return download(data, name=name, media_type=DOCX)
