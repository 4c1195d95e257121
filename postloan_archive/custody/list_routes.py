"""库房 › 盘点、移交: counting by scanning, and lists that both sides sign."""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.custody import queries
from postloan_archive.custody.forms import TransferForm
from postloan_archive.custody.pages import form_page
from postloan_archive.custody.service import counting, transfers
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("store_lists", __name__)

VERDICTS: Final = {
    "right": _l("在位"),
    "other_room": _l("不属于本库"),
    "lent": _l("账面借出，实物在库"),
    "handed_over": _l("账面已移交"),
    "unknown": _l("没有登记"),
}
TRANSFER_STATES: Final = {
    "drafted": _l("待移交签字"),
    "given": _l("待接收签字"),
    "taken": _l("已接收"),
    "sent_back": _l("已退回"),
}


@bp.get("/store/countings")
@requires(Permission.CUSTODY_VIEW)
def counting_list() -> ResponseReturnValue:
    """List the stock-takings."""
    light("store_lists.counting_list")
    with unit_of_work() as uow:
        return render_template(
            "custody/countings.html",
            rows=queries.countings(uow),
            rooms=queries.rooms(uow),
        )


@bp.post("/store/countings")
@requires(Permission.CUSTODY_EDIT)
def counting_start() -> ResponseReturnValue:
    """Begin to count a room."""
    with unit_of_work() as uow:
        number = counting.start(uow, request.form.get("room_id", 0, int)).id
    return redirect(url_for("store_lists.counting_page", counting_id=number))


@bp.get("/store/countings/<int:counting_id>")
@requires(Permission.CUSTODY_VIEW)
def counting_page(counting_id: int) -> ResponseReturnValue:
    """Show what was scanned and what is still to be found."""
    light("store_lists.counting_list")
    with unit_of_work() as uow:
        found = queries.get_counting(uow, counting_id)
        return render_template(
            "custody/counting.html",
            counting=found,
            scans=list(reversed(found.scans)),
            verdicts=VERDICTS,
            **queries.counting_state(uow, found),
        )


@bp.post("/store/countings/<int:counting_id>/scan")
@requires(Permission.CUSTODY_EDIT)
def counting_scan(counting_id: int) -> ResponseReturnValue:
    """Note scanned codes."""
    with unit_of_work() as uow:
        counting.scan(uow, counting_id, request.form.get("codes", "").split())
    return redirect(url_for("store_lists.counting_page", counting_id=counting_id))


@bp.post("/store/countings/<int:counting_id>/close")
@requires(Permission.CUSTODY_EDIT)
def counting_close(counting_id: int) -> ResponseReturnValue:
    """End the counting."""
    with unit_of_work() as uow:
        gone = len(counting.close(uow, counting_id))
    if gone:
        flash(_("盘点结束，盘亏 %(count)s 件，已标出。", count=gone), "warning")
    else:
        flash(_("盘点结束，账实相符。"))
    return redirect(url_for("store_lists.counting_page", counting_id=counting_id))


@bp.get("/store/transfers")
@requires(Permission.CUSTODY_VIEW)
def transfer_list() -> ResponseReturnValue:
    """List the transfers."""
    with unit_of_work() as uow:
        return render_template(
            "custody/transfers.html", rows=queries.transfers(uow), states=TRANSFER_STATES
        )


@bp.route("/store/transfers/new", methods=["GET", "POST"])
@requires(Permission.CUSTODY_EDIT)
def transfer_new() -> ResponseReturnValue:
    """Draw up a list of originals that change hands."""
    form = TransferForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                number = transfers.draft(uow, form.command()).transfer_no
        except PostloanError as error:
            form.show(error)
        else:
            return redirect(url_for("store_lists.transfer", transfer_no=number))
    return form_page(form, _("新建移交清册"), url_for("store_lists.transfer_list"))


@bp.get("/store/transfers/<transfer_no>")
@requires(Permission.CUSTODY_VIEW)
def transfer(transfer_no: str) -> ResponseReturnValue:
    """Show one list; printed, it is the 移交清册."""
    with unit_of_work() as uow:
        found = queries.get_transfer(uow, transfer_no)
        return render_template("custody/transfer.html", row=found, states=TRANSFER_STATES)


@bp.post("/store/transfers/<transfer_no>/sign")
@requires(Permission.CUSTODY_EDIT)
def transfer_sign(transfer_no: str) -> ResponseReturnValue:
    """Sign as giver or taker, or send back."""
    step = request.form.get("step", "")
    with unit_of_work() as uow:
        if step == "give":
            transfers.give(uow, transfer_no)
        elif step == "take":
            counted = {
                item: pages
                for name, value in request.form.items()
                if name.startswith("pages-")
                and (item := whole_number(name.removeprefix("pages-"))) is not None
                and (pages := whole_number(value)) is not None
            }
            transfers.take(uow, transfer_no, counted, request.form.get("note", ""))
        elif step == "send_back":
            transfers.send_back(uow, transfer_no, request.form.get("note", ""))
        else:
            abort(404)
    flash(_("已处理。"))
    return redirect(url_for("store_lists.transfer", transfer_no=transfer_no))
