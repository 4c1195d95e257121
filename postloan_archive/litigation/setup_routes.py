"""法务 › 诉讼准备度, and 起诉准备: from a loan file to a case with its package."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.cases import joining
from postloan_archive.cases import service as case_service
from postloan_archive.cases.rules.jurisdiction import Place
from postloan_archive.cases.service import OpenCase
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.entries import read_amount, read_date
from postloan_archive.kernel.errors import ConflictError, RuleError, _l
from postloan_archive.litigation import readiness, readiness_keeping, service
from postloan_archive.litigation.paper_routes import bp as bp
from postloan_archive.litigation.queries import CUT_OFF
from postloan_archive.litigation.readiness import STATES, USUAL, Wanted
from postloan_archive.litigation.setup import Setup, setup_of
from postloan_archive.loans import queries as loans
from postloan_archive.sheets import XLSX, workbook
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

__all__ = ("bp",)  # the blueprint with these pages on it
MOST: Final = 50  # loans of one suit
LONGEST_NUMBER: Final = 64
WAGE: Final = "provincial_avg_wage"
PLACES: Final = {
    Place.CLAUSE_LISTED: _l(
        "合同约定的法院（被告住所地、履行地、签订地、原告住所地、标的物所在地）"
    ),
    Place.CLAUSE_OTHER: _l("合同约定的法院（其他地点）"),
    Place.LENDER: _l("贷款人所在地（接收货币一方）"),
    Place.DEFENDANT: _l("被告住所地"),
    Place.AGREED_PERFORMANCE: _l("合同约定的履行地"),
    Place.INTERNET_COURT: _l("互联网法院"),
}


@bp.get("/readiness")
@requires(Permission.PACKAGE_VIEW)
def readiness_list() -> ResponseReturnValue:
    """List the overdue loans with what each still lacks for court."""
    light("litigation.readiness_list")
    wanted = _wanted()
    with unit_of_work() as uow:
        page = page_of(request.args, total=readiness.count(uow, wanted))
        rows = readiness.rows(uow, wanted, limit=page.size, offset=page.offset)
        return render_template(
            "litigation/readiness.html",
            rows=rows,
            page=page,
            wanted=wanted,
            states=[(key, _(label)) for key, label in STATES],
            sums=readiness.sums(uow, wanted),
        )


@bp.post("/readiness")
@requires(Permission.PACKAGE_BUILD)
def readiness_again() -> ResponseReturnValue:
    """Let a worker look at every overdue loan now."""
    with unit_of_work() as uow:
        readiness_keeping.ask(uow)
    flash(_("已交后台重新核对全部逾期贷款。"))
    return redirect(url_for("litigation.readiness_list"))


@bp.get("/readiness.xlsx")
@requires(Permission.PACKAGE_VIEW)
def readiness_workbook() -> ResponseReturnValue:
    """Return the list as a workbook."""
    with unit_of_work() as uow:
        table = readiness.table(uow, _wanted())
        now = uow.clock.now().astimezone(CHINA)
        line = f"导出人 {uow.actor.display_name or uow.actor.name}　{now:%Y-%m-%d %H:%M}"
        body = workbook(table, title=_("诉讼准备度"), line=line)
        uow.record("litigation.readiness_exported", "readiness", rows=len(table.rows))
    return download(body, name=f"诉讼准备度{now:%Y%m%d}.xlsx", media_type=XLSX)


@bp.get("/setup/<loan_no>")
@requires(Permission.PACKAGE_VIEW)
def setup(loan_no: str) -> ResponseReturnValue:
    """Show what a suit about the loan would look like, and what is missing."""
    return _setup(loan_no, "")


@bp.post("/setup/<loan_no>")
@requires(Permission.PACKAGE_BUILD)
def sue(loan_no: str) -> ResponseReturnValue:
    """Open the case, keep what was chosen, propose the exhibits."""
    given = request.form
    cut_off, wage = given.get("cut_off", "").strip(), given.get("wage", "").strip()
    try:
        facts = {
            CUT_OFF: read_date(cut_off).isoformat() if cut_off else "",
            WAGE: str(read_amount(wage)) if wage else "",
            "procedure": given.get("procedure", "")[:40],
        }
        with unit_of_work() as uow:
            case = case_service.open_case(
                uow,
                OpenCase(
                    loan_no=loan_no,
                    court=given.get("court", "").strip()[:200],
                    further=_further(),
                ),
            )
            case_service.fill_in(uow, case.case_no, facts)
            service.open_package(uow, case.case_no)
            case_no = case.case_no
    except (RuleError, ConflictError) as error:
        text = " ".join(filter(None, (error_text(error), next_step_text(error))))
        return _setup(loan_no, text)
    flash(_("案件 %(no)s 已建立，证据已按清单提出。", no=case_no))
    return redirect(url_for("litigation.package", case_no=case_no))


def _setup(loan_no: str, problem: str) -> ResponseReturnValue:
    given = request.form if request.method == "POST" else request.args
    cut_off, wage = _day(given.get("cut_off", "")), _amount(given.get("wage", ""))
    place = given.get("place", "")
    light("litigation.readiness_list")
    with unit_of_work() as uow:
        found = setup_of(
            uow,
            loan_no,
            further=_further(),
            cut_off=cut_off,
            place=Place(place) if place in set(Place) else None,
            average_wage=wage,
        )
        page = render_template(
            "litigation/setup.html",
            setup=found,
            chosen={one.loan.loan_no for one in found.loans[1:]},
            candidates=joining.candidates(uow, [found.loan]),
            refused=_refused(uow, found),
            places=[(str(key), _(label)) for key, label in PLACES.items()],
            wage=wage,
            problem=problem,
            court=given.get("court", found.court),
        )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK


def _further() -> tuple[str, ...]:
    """Return the numbers of the loans to sue for beside the leading one."""
    given = (text.strip()[:LONGEST_NUMBER] for text in request.values.getlist("with")[:MOST])
    return tuple(dict.fromkeys(filter(None, given)))


def _refused(uow: UnitOfWork, found: Setup) -> list[str]:
    """Return why loans that were asked for are not in the suit, Chinese."""
    held = [one.loan for one in found.loans]
    taken = {loan.loan_no for loan in held}
    lines = []
    for number in _further():
        if number not in taken:
            reasons = joining.against(uow, held, loans.get_loan(uow, number))
            lines.append(f"{number}：{'；'.join(reasons)}")
    return lines


def _wanted() -> Wanted:
    return Wanted(
        word=request.args.get("q", "").strip(),
        state=request.args.get("state", ""),
        sort=request.args.get("sort", USUAL),
    )


def _day(text: str) -> date | None:
    with suppress(RuleError):
        return read_date(text) if text.strip() else None
    return None


def _amount(text: str) -> Decimal | None:
    with suppress(RuleError):
        found = read_amount(text) if text.strip() else None
        return found or None
    return None
