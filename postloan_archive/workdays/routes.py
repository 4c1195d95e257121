"""管理 › 工作日历: the years, a day corrected, the notice of the next year; two steps each."""

from datetime import MAXYEAR
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.errors import PostloanError, RuleError
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.forms import BaseForm
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import caution_text
from postloan_archive.workdays import service
from postloan_archive.workdays.forms import DayForm, ImportForm, lines_of
from postloan_archive.workdays.moves import Change, Moves, moves_under
from postloan_archive.workdays.notice import lacking
from postloan_archive.workdays.year import newest_edition, year_sheet

bp = Blueprint("workdays", __name__, url_prefix="/admin/workdays")
SHOWN = 100  # moved deadlines listed; the number is always said


@bp.get("")
@requires(Permission.CALENDAR_EDIT)
def index() -> ResponseReturnValue:
    """Show a year with its source and editions."""
    with unit_of_work() as uow:
        today = uow.clock.today()
        text = request.args.get("year", "")
        number = whole_number(text) or 0
        asked = number if 1 <= number <= MAXYEAR else today.year
        sheet = year_sheet(uow, asked)
        if not sheet.first <= asked <= sheet.last:
            raise service.YearNotFoundError(year=asked)
        return render_template(
            "workdays/index.html",
            sheet=sheet,
            today=today,
            missing=service.notice_is_missing(uow.session, today),
        )


@bp.route("/day", methods=["GET", "POST"])
@requires(Permission.CALENDAR_EDIT)
def day() -> ResponseReturnValue:
    """Correct one day: first what moves, then the correction."""
    form = DayForm(data={"day": _asked_day()})
    moves = None
    if form.submitted():
        cmd = form.command()
        try:
            with unit_of_work() as uow:
                if request.form.get("confirm") == "yes":
                    service.change_day(uow, cmd)
                    flash(_("已更正，作为新的版本；受影响的期限正在重算。"))
                    return redirect(url_for("workdays.index", year=cmd.day.year))
                coming = service.preview_day(uow.session, cmd)
                moves = _moves(uow, coming, cmd.day.year)
        except PostloanError as error:
            form.show(error)
    return render_template("workdays/day.html", form=form, moves=moves, shown=SHOWN), _status(
        form
    )


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.CALENDAR_EDIT)
def take_notice() -> ResponseReturnValue:
    """Read the notice of a year, show what it says and what moves, then store it."""
    days = moves = None
    with unit_of_work() as uow:
        following = year_sheet(uow, uow.clock.today().year).published_until + 1
    form = ImportForm(data={"year": following})
    if form.submitted():
        try:
            days = form.days()
            cmd = form.command(days)
            with unit_of_work() as uow:
                if request.form.get("confirm") == "yes":
                    service.import_year(uow, cmd)
                    flash(_("%(year)s 年已入历；受影响的期限正在重算。", year=cmd.year))
                    return redirect(url_for("workdays.index", year=cmd.year))
                moves = _moves(uow, service.preview_year(uow.session, cmd), cmd.year)
                form.edition.data = str(newest_edition(uow, cmd.year))
                form.text.data = lines_of(days)
        except PostloanError as error:
            days = None
            form.show(error)
    return render_template(
        "workdays/import.html",
        form=form,
        days=days,
        lacks=[caution_text(one) for one in lacking(form.year.data or 0, days or ())]
        if days
        else [],
        moves=moves,
        shown=SHOWN,
    ), _status(form)


def _moves(uow: UnitOfWork, calendar: WorkCalendar, year: int) -> Moves | None:
    """Return what moves among the loans of the person; None where it may see none."""
    if not uow.actor.may(Permission.DEADLINE_VIEW):
        return None
    return moves_under(uow, Change(calendar=calendar, year=year))


def _asked_day() -> object:
    try:
        return read_date(request.args.get("date", ""))
    except RuleError:
        return None


def _status(form: BaseForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
