"""风险信号: found by rules or seen by people, followed to their end."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, people
from postloan_archive.access.permissions import Permission
from postloan_archive.inspection import lists, queries, workbook
from postloan_archive.inspection.lists import AskedSignals
from postloan_archive.inspection.service import signals
from postloan_archive.kernel.errors import _l
from postloan_archive.sheets import XLSX
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("signals", __name__, url_prefix="/signals")
KINDS: Final = (
    "逾期",
    "分类",
    "到期",
    "押品",
    "紧急处置",
    "经营",
    "财务",
    "诉讼查封",
    "股权变更",
    "失联",
    "其他",
)
STATES: Final = {"open": _l("未关闭"), "late": _l("超期未关闭"), "closed": _l("已关闭")}


@bp.get("")
@requires(Permission.INSPECTION_VIEW)
def index() -> ResponseReturnValue:
    """List the risk signals; what is late at the head."""
    light("inspection.index")
    asked = _asked_signals()
    with unit_of_work() as uow:
        page = page_of(request.args, total=lists.count_signals(uow, asked))
        rows = lists.signals(uow, asked, offset=page.offset, limit=page.size)
        return render_template(
            "inspection/signals.html",
            rows=rows,
            page=page,
            asked=asked,
            states=STATES,
            kinds=[(one, _(one)) for one in KINDS],
            today=uow.clock.today(),
            inspectors=queries.inspectors(uow),
            branches=[
                (row.id, row.name)
                for row in branches.tree(uow.session, only=uow.actor.branch_ids)
            ],
            who=people.names_of(
                uow, {name for row, _h in rows for name in (row.owner, row.closed_by)}
            ),
        )


@bp.get("/list.xlsx")
@requires(Permission.INSPECTION_VIEW)
def export() -> ResponseReturnValue:
    """Hand out the risk signals of the filter as a workbook."""
    with unit_of_work() as uow:
        data = workbook.signals(uow, _asked_signals())
        day = uow.clock.today()
    return download(data, name=f"风险信号-{day}.xlsx", media_type=XLSX)


@bp.post("/<int:signal_id>/take-up")
@requires(Permission.INSPECTION_EDIT)
def take_up(signal_id: int) -> ResponseReturnValue:
    """Say who sees to a signal and how."""
    with unit_of_work() as uow:
        signals.take_up(
            uow, signal_id, request.form.get("owner", ""), request.form.get("measure", "")
        )
    flash(_("责任人和措施已登记。"))
    return redirect(url_for("signals.index"))


@bp.post("/<int:signal_id>/close")
@requires(Permission.INSPECTION_EDIT)
def close_signal(signal_id: int) -> ResponseReturnValue:
    """Close a signal."""
    with unit_of_work() as uow:
        signals.close_signal(
            uow, signal_id, request.form.get("measure", ""), request.form.get("why", "")
        )
    flash(_("信号已关闭。"))
    return redirect(url_for("signals.index"))


def _asked_signals() -> AskedSignals:
    given = request.args
    state = given.get("state", "")
    return AskedSignals(
        state=state if state in STATES else "open",
        kind=given.get("kind", ""),
        owner=given.get("owner", ""),
        branch_id=whole_number(given.get("branch")),
        word=given.get("q", ""),
    )
