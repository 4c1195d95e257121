"""案卷 › 余额核对: delivered balances against derived ones."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.entries import DateEntryError, read_date
from postloan_archive.kernel.errors import NotFoundError, _l
from postloan_archive.loans import reconciling
from postloan_archive.loans.import_routes import bp as bp
from postloan_archive.loans.rules.reconciliation import FIGURE_WORDS, Figure
from postloan_archive.sheets import XLSX, Column, Kind, Table, workbook
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

NO_DAY: Final = _l("没有 {day} 的余额。")


class BalanceDayNotFoundError(NotFoundError):
    """No such day, or none that can be read."""

    next_step = _l("请从余额核对页选择日期，或先导入“余额”表。")

    def __init__(self, *, day: str) -> None:
        super().__init__(NO_DAY, day=day)


@bp.get("/balances")
@requires(Permission.LOAN_VIEW)
def balances() -> ResponseReturnValue:
    """List the days with delivered balances."""
    light("loans.index")
    with unit_of_work() as uow:
        return render_template("loans/balances.html", rows=reconciling.days(uow))


@bp.get("/balances/<day>")
@requires(Permission.LOAN_VIEW)
def balance_day(day: str) -> ResponseReturnValue:
    """List what differs on a day, with what may explain it."""
    light("loans.index")
    on, figure = _day(day), _figure(request.args)
    with unit_of_work() as uow:
        found = next((one for one in reconciling.days(uow) if one.day == on), None)
        if found is None:
            raise BalanceDayNotFoundError(day=day[:20])
        page = page_of(request.args, total=reconciling.count(uow, on, figure))
        return render_template(
            "loans/balance_day.html",
            found=found,
            page=page,
            rows=reconciling.rows(uow, on, figure, offset=page.offset, limit=page.size),
            names=branches.names(uow.session),
            words={one.value: word for one, word in FIGURE_WORDS.items()},
            figure=figure.value if figure else "",
        )


@bp.post("/balances/<day>")
@requires(Permission.LEDGER_IMPORT)
def compare_balances(day: str) -> ResponseReturnValue:
    """Have a day compared again."""
    on = _day(day)
    with unit_of_work() as uow:
        reconciling.ask(uow, on)
    flash(_("已安排重新核对，稍后刷新查看。"))
    return redirect(url_for("loans.balance_day", day=on.isoformat()))


@bp.get("/balances/<day>/differences.xlsx")
@requires(Permission.REPORT_VIEW)
def balance_differences(day: str) -> ResponseReturnValue:
    """Send the differences of a day as a workbook."""
    on, figure = _day(day), _figure(request.args)
    with unit_of_work() as uow:
        content = _workbook(uow, on, figure)
    return download(content, name=f"余额差异-{on}.xlsx", media_type=XLSX)


def _workbook(uow: UnitOfWork, day: date, figure: Figure | None) -> bytes:
    names = branches.names(uow.session)
    columns = (
        Column(label="借据号", kind=Kind.CODE, width=22),
        Column(label="客户", width=24),
        Column(label="机构", width=18),
        Column(label="项目", width=12),
        Column(label="核心系统", kind=Kind.YUAN, width=18),
        Column(label="本系统推导", kind=Kind.YUAN, width=18),
        Column(label="差额", kind=Kind.YUAN, width=16),
        Column(label="可能的原因", width=60),
    )
    rows = tuple(
        (
            row.loan_no,
            row.customer,
            names.get(row.branch_id, ""),
            FIGURE_WORDS[Figure(row.figure)],
            row.delivered,
            row.derived,
            row.gap,
            row.reason or "未找到，请核对还款流水",
        )
        for row in reconciling.rows(uow, day, figure)
    )
    uow.record("loans.balances_exported", "system:1", day=day.isoformat(), rows=len(rows))
    when = uow.clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    who = uow.actor.display_name or uow.actor.name
    return workbook(
        Table(columns=columns, rows=rows),
        title=f"余额差异{day}",
        line=f"余额日期 {day}　共 {len(rows)} 项　导出人 {who}　导出时间 {when}",
    )


def _day(text: str) -> date:
    try:
        return read_date(text)
    except DateEntryError as error:
        raise BalanceDayNotFoundError(day=text[:20]) from error


def _figure(args: Mapping[str, str]) -> Figure | None:
    asked = args.get("figure", "")
    return Figure(asked) if asked in set(Figure) else None
