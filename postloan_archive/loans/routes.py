"""案卷: the list of loan files (台账)."""

import io
from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import ledger, selections
from postloan_archive.loans.file_parts import LoanListParts, NearestDay
from postloan_archive.loans.forms import ledger_filter
from postloan_archive.loans.ledger import LedgerRow, Papers, SecuredBy
from postloan_archive.loans.rules.ageing import BUCKET_NAMES, RiskClass
from postloan_archive.loans.rules.stages import STAGE_LABELS
from postloan_archive.loans.workbook import ledger_workbook
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.clocks import ClockFace, clock_face
from postloan_archive.web.filters import without_query
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

_PARTS: Final = "postloan_loan_list"
bp = Blueprint("loans", __name__, url_prefix="/loans")
SECURED: Final = {
    SecuredBy.GUARANTEE: _l("保证"),
    SecuredBy.MORTGAGE: _l("抵押"),
    SecuredBy.PLEDGE: _l("质押"),
    SecuredBy.NOTHING: _l("信用"),
}
PAPERS: Final = {
    Papers.GAPS: _l("低于 100%"),
    Papers.COMPLETE: _l("已齐全"),
    Papers.UNKNOWN: _l("待补信息"),
}
NAMES: Final = {  # field of the address -> what the chip calls it
    "text": _l("关键词"),
    "branch": _l("机构"),
    "year": _l("年度"),
    "bucket": _l("账龄"),
    "class": _l("五级分类"),
    "secured": _l("担保方式"),
    "papers": _l("完整率"),
    "missing": _l("缺某类件"),
    "stage": _l("状态"),
    "manager": _l("经办人"),
    "due_from": _l("到期日从"),
    "due_to": _l("到期日至"),
}
Options = dict[str, list[tuple[object, object]]]  # field -> values with their words
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def install_loan_list(app: Flask, parts: LoanListParts) -> None:
    """Give the list what other capabilities know about its rows."""
    app.extensions[_PARTS] = parts


@bp.get("")
@requires(Permission.LOAN_VIEW)
def index() -> ResponseReturnValue:
    """List the loan files."""
    wanted = ledger_filter(request.args)
    sort = request.args.get("sort", ledger.DEFAULT_SORT)
    parts: LoanListParts = current_app.extensions[_PARTS]
    with unit_of_work() as uow:
        foot = ledger.totals(uow, wanted)
        page = page_of(request.args, total=foot.count)
        rows = ledger.rows(uow, wanted, sort=sort, offset=page.offset, limit=page.size)
        ids = [row.id for row in rows]
        names = branches.names(uow.session)
        seen = uow.actor.branch_ids
        options: Options = {
            "branch": [(key, name) for key, name in names.items() if _sees(seen, key)],
            "year": [(year, year) for year in foot.years],
            "bucket": [
                *((name, name) for name in BUCKET_NAMES),
                (ledger.LATE, _("全部逾期")),
            ],
            "class": [(one.value, _(one.value)) for one in RiskClass],
            "secured": [(key.value, _(label)) for key, label in SECURED.items()],
            "papers": [(key.value, _(label)) for key, label in PAPERS.items()],
            "stage": [(key.value, _(label)) for key, label in STAGE_LABELS.items()],
        }
        today = uow.clock.today()
        return render_template(
            "loans/index.html",
            rows=rows,
            foot=foot,
            page=page,
            sort=sort,
            options=options,
            names=names,
            chips=_chips(options),
            clocks=_faces(parts.nearest(uow, ids), today),
            places=parts.places(uow, ids),
            stages={stage.value: label for stage, label in STAGE_LABELS.items()},
            stale=foot.oldest if foot.oldest and foot.oldest < today else None,
            letters="notices.create" in current_app.view_functions,
        )


@bp.get("/export.xlsx")
@requires(Permission.REPORT_VIEW)
def export() -> ResponseReturnValue:
    """Send the list under the filter of the address as a workbook."""
    with unit_of_work() as uow:
        rows = ledger.rows(uow, ledger_filter(request.args), sort=request.args.get("sort", ""))
        return _workbook(uow, rows, request.args)


@bp.post("/chosen")
@requires(Permission.LOAN_VIEW)
def chosen() -> ResponseReturnValue:
    """Do something with the marked rows, or with all results of the filter."""
    args = MultiDict(
        (name.removeprefix("filter_"), value)
        for name, value in request.form.items(multi=True)
        if name.startswith("filter_")
    )
    with unit_of_work() as uow:
        sort = args.get("sort", ledger.DEFAULT_SORT)
        if request.form.get("all_results"):
            rows = ledger.rows(uow, ledger_filter(args), sort=sort)
        else:
            rows = ledger.marked_rows(uow, request.form.getlist("loan"), sort=sort)
        if not rows:
            flash(_("没有选中任何案卷。"), "warning")
            return redirect(_list_under(args))
        if request.form.get("act") == "letters":
            return _letters(uow, rows)
        if request.form.get("act") == "files":
            along = selections.carried(uow, [row.loan_no for row in rows])
            return redirect(url_for("assurance.new_export", **along))  # type: ignore[arg-type]  # no bool
        if not uow.actor.may(Permission.REPORT_VIEW):
            abort(403)
        return _workbook(uow, rows, args)


def _letters(uow: UnitOfWork, rows: list[LedgerRow]) -> ResponseReturnValue:
    """Hand the numbers over to a new notice run."""
    along = selections.carried(uow, [row.loan_no for row in rows])
    return redirect(url_for("notices.create", **along))  # type: ignore[arg-type]  # no bool


def _list_under(args: MultiDict[str, str]) -> str:
    """Return the address of the list under the same filter."""
    return f"{url_for('loans.index')}?{urlencode(list(args.items(multi=True)))}"


def _workbook(
    uow: UnitOfWork, rows: list[LedgerRow], args: MultiDict[str, str]
) -> ResponseReturnValue:
    masked = not (args.get("whole") and uow.actor.may(Permission.UNMASK))
    content = ledger_workbook(uow, rows, masked=masked, condition=args.to_dict())
    return send_file(
        io.BytesIO(content),
        mimetype=XLSX,
        as_attachment=True,
        download_name=f"案卷台账{uow.clock.today():%Y%m%d}.xlsx",
    )


def _sees(branch_ids: frozenset[int] | None, branch_id: int) -> bool:
    return branch_ids is None or branch_id in branch_ids


def _chips(options: Options) -> list[tuple[str, str]]:
    """Return what the list is narrowed to, each with the address that takes it away."""
    found = []
    for name, label in NAMES.items():
        value = request.args.get(name, "").strip()
        if not value:
            continue
        words = {str(key): str(text) for key, text in options.get(name, [])}
        found.append((f"{_(label)} {words.get(value, value)}", without_query(name, value)))
    return found


def _faces(
    nearest: Mapping[int, NearestDay], today: date
) -> dict[int, tuple[str, date, ClockFace]]:
    """Return name, day and face of the nearest day of each loan of the page."""
    return {
        loan_id: (
            _(one.label),
            one.safe,
            clock_face(
                one.safe,
                today,
                legal=one.legal,
                provisional=one.provisional,
                long_period=one.long_period,
                cannot_be_repaired=one.cannot_be_repaired,
            ),
        )
        for loan_id, one in nearest.items()
    }
