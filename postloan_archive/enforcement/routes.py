"""费用与执行: what a case costs, what was awarded, the statement of account at any day."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.cases import case_loans
from postloan_archive.cases import queries as cases
from postloan_archive.cases.models import Case
from postloan_archive.enforcement import service
from postloan_archive.enforcement.forms import AwardForm, CostForm, RefundForm, StrikeCostForm
from postloan_archive.enforcement.proposing import LABELS, propose_award
from postloan_archive.enforcement.tables import KINDS, account_table
from postloan_archive.enforcement.words import BEARERS, COSTS
from postloan_archive.kernel.entries import DateEntryError, read_amount, read_date
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.reports.outputs import DOCX, Head, paper, workbook
from postloan_archive.sheets import XLSX
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.forms import BaseForm
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text

bp = Blueprint("enforcement", __name__, url_prefix="/cases/<case_no>")

FORMS: Final = {"xlsx": XLSX, "docx": DOCX}


@bp.get("/account")
@requires(Permission.CASE_VIEW)
def account(case_no: str) -> ResponseReturnValue:
    """Show costs, award and the statement of account on the day asked for."""
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        day, said = _day(uow)
        try:
            found = service.account_of(uow, case, day)
        except PostloanError as error:
            found, said = None, error_text(error)
        costs = service.costs_of(uow, case)
        return render_template(
            "enforcement/account.html",
            row=cases.case_row(uow, case),
            day=day,
            today=uow.clock.today(),
            said=said,
            costs=costs,
            sums=service.sums_of(costs),
            award=service.award_of(uow, case),
            loan_nos=case_loans.numbers_of(uow, case),
            found=found,
            kinds=KINDS,
            cost_words=COSTS,
            bearer_words=BEARERS,
        )


@bp.get("/account/split")
@requires(Permission.CASE_VIEW)
def split(case_no: str) -> ResponseReturnValue:
    """Propose how money that came in is split over the loans of the case."""
    text = request.args.get("amount", "").strip()
    named = [one.strip() for one in request.args.getlist("named") if one.strip()]
    found, said = None, ""
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        if text:
            try:
                found = service.split_proposed(uow, case, read_amount(text), named=named)
            except PostloanError as error:
                said = error_text(error)
        page = render_template(
            "enforcement/split.html",
            row=cases.case_row(uow, case),
            loan_nos=case_loans.numbers_of(uow, case),
            amount=text,
            named=named,
            found=found,
            said=said,
        )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if said else HTTPStatus.OK


@bp.get("/account.<form>")
@requires(Permission.CASE_VIEW)
def statement(case_no: str, form: str) -> ResponseReturnValue:
    """Hand out the statement of account as .xlsx or .docx."""
    if form not in FORMS:
        form = "xlsx"
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        day, _said = _day(uow)
        found = service.account_of(uow, case, day)
        if found is None:
            flash(_("请先登记判决确定的债务，再出对账单。"), "error")
            return redirect(url_for("enforcement.award", case_no=case_no))
        head = _head(uow, case, day)
        table = account_table(found.value, day)
        data = workbook(table, head) if form == "xlsx" else paper(table, head)
        uow.record(
            "enforcement.statement_exported",
            f"case:{case.id}",
            as_of=day.isoformat(),
            form=form,
            owed=str(found.value.owed.total),
        )
    name = f"执行对账单-{case_no}-{day}.{form}"
    return download(data, name=name, media_type=FORMS[form])


@bp.route("/costs/new", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def cost(case_no: str) -> ResponseReturnValue:
    """Record a cost."""
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        form = CostForm(data={"paid_on": uow.clock.today()})
        form.offer(case_loans.papers_of(uow, case))
        row = cases.case_row(uow, case)
    if form.submitted():
        try:
            with unit_of_work() as uow:
                service.add_cost(uow, form.command(case_no))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("费用已登记。"))
            return redirect(url_for("enforcement.account", case_no=case_no))
    return _form_page(form, row, _("登记费用"), _("登记"))


@bp.route("/costs/<int:cost_id>/refund", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def refund(case_no: str, cost_id: int) -> ResponseReturnValue:
    """Note that the court gave money back."""
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        row = cases.case_row(uow, case)
        due = next(
            (one.refund_due for one in service.costs_of(uow, case) if one.id == cost_id), None
        )
        form = RefundForm(data={"amount": due, "on": uow.clock.today()})
    if form.submitted():
        try:
            with unit_of_work() as uow:
                assert form.amount.data is not None  # InputRequired has seen to it
                assert form.on.data is not None
                service.refund(uow, case_no, cost_id, form.amount.data, form.on.data)
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("退费已登记。"))
            return redirect(url_for("enforcement.account", case_no=case_no))
    return _form_page(form, row, _("登记退费"), _("登记"))


@bp.route("/costs/<int:cost_id>/strike", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def strike(case_no: str, cost_id: int) -> ResponseReturnValue:
    """Strike a cost with a reason."""
    with unit_of_work() as uow:
        row = cases.case_row(uow, cases.get_case(uow, case_no))
    form = StrikeCostForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                service.strike_cost(uow, case_no, cost_id, form.reason.data or "")
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("费用已删划，记录保留。"))
            return redirect(url_for("enforcement.account", case_no=case_no))
    return _form_page(form, row, _("删划费用"), _("删划"))


@bp.route("/award", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def award(case_no: str) -> ResponseReturnValue:
    """Record what the effective paper awards."""
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        old = service.award_of(uow, case)
        names = (
            "principal", "interest", "costs", "interest_from", "performance_last_day", "note",
        )  # fmt: skip
        proposed = None if old else propose_award(uow, case)
        data = {name: getattr(old, name) for name in names} if old else {}
        if proposed is not None:
            data = proposed.values
        if old:
            data |= {
                "rate_pct": f"{old.rate_pct.normalize():f}",
                "day_basis": str(old.day_basis),
                "document_id": str(old.document_id or ""),
            }
        form = AwardForm(data=data)
        form.offer(case_loans.papers_of(uow, case))
        row = cases.case_row(uow, case)
    if form.submitted():
        try:
            with unit_of_work() as uow:
                service.keep_award(uow, form.command(case_no))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("判决确定的债务已登记；请核对对账单。"))
            return redirect(url_for("enforcement.account", case_no=case_no))
    told = [(_(LABELS[one.key]), one.source) for one in proposed.terms] if proposed else []
    return _form_page(form, row, _("判决确定的债务"), _("保存"), told)


def _form_page(
    form: BaseForm,
    row: cases.CaseRow,
    title: str,
    act: str,
    sources: Sequence[tuple[str, str]] = (),
) -> tuple[str, HTTPStatus]:
    page = render_template(
        "enforcement/form.html", form=form, row=row, title=title, act=act, sources=sources
    )
    refused = form.errors or form.form_errors
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK


def _day(uow: UnitOfWork) -> tuple[date, str]:
    """Return the day asked for, and what is wrong with it."""
    text = request.args.get("day", "").strip()
    if not text:
        return uow.clock.today(), ""
    try:
        return read_date(text), ""
    except DateEntryError as error:
        return uow.clock.today(), error_text(error)


def _head(uow: UnitOfWork, case: Case, day: date) -> Head:
    row = cases.case_row(uow, case)
    return Head(
        title=_("执行对账单"),
        period=f"{row.court_case_no or row.case_no}　{row.customer}　截至 {day}",
        branch=row.court,
        made_by=uow.actor.display_name or uow.actor.name,
        made_at=uow.clock.now(),
    )
