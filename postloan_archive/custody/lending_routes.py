"""库房 › 借阅: ask, decide, hand out, take back, extend; the slip."""

from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.custody import labels, queries
from postloan_archive.custody.forms import AskForm, ReturnForm
from postloan_archive.custody.pages import form_page
from postloan_archive.custody.rules.lending import WAY_LABELS, Way
from postloan_archive.custody.service import lending
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("lendings", __name__)

STEPS: Final = {
    "requested": _l("待审批"),
    "refused": _l("未批准"),
    "approved": _l("待出库"),
    "handing_out": _l("待复核出库"),
    "out": _l("借出"),
    "returning": _l("待复核入库"),
    "returned": _l("已归还"),
    "withdrawn": _l("已撤回"),
}
VIEWS: Final = {
    "": _l("全部"),
    "mine": _l("我的"),
    "decide": _l("待审批"),
    "hand_out": _l("待出库"),
    "countersign": _l("待复核"),
    "out": _l("借出"),
    "late": _l("逾期未还"),
}


@bp.get("/store/lendings")
@requires(Permission.CUSTODY_VIEW)
def index() -> ResponseReturnValue:
    """List the lendings."""
    only = request.args.get("only", "")
    with unit_of_work() as uow:
        return render_template(
            "custody/lendings.html",
            rows=queries.lendings(uow, only=only),
            tabs=[
                {
                    "label": _(text),
                    "href": url_for("lendings.index", only=key or None),
                    "current": key == only,
                }
                for key, text in VIEWS.items()
            ],
            steps=STEPS,
            ways=WAY_LABELS,
        )


@bp.route("/store/lendings/new", methods=["GET", "POST"])
@requires(Permission.LENDING_REQUEST)
def ask() -> ResponseReturnValue:
    """Ask for an original."""
    form = AskForm(barcode=request.args.get("code", ""))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                number = lending.ask_for(uow, form.command()).lending_no
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("借阅单 %(no)s 已提交审批。", no=number))
            return redirect(url_for("lendings.slip", lending_no=number))
    return form_page(form, _("申请借阅"), url_for("lendings.index"))


@bp.get("/store/lendings/<lending_no>")
@requires(Permission.CUSTODY_VIEW)
def slip(lending_no: str) -> ResponseReturnValue:
    """Show one lending; printed, it is the slip with its signature lines."""
    with unit_of_work() as uow:
        found = queries.get_lending(uow, lending_no)
        uow.record("custody.lending_viewed", f"lending:{found.id}", lending_no=lending_no)
        return render_template(
            "custody/slip.html",
            row=found,
            original=found.original,
            way=WAY_LABELS[Way(found.way)],
            step=STEPS[found.state],
            square=labels.square(found.original.barcode),
            today=uow.clock.today(),
        )


@bp.post("/store/lendings/<lending_no>/decide")
@requires(Permission.LENDING_APPROVE)
def decide(lending_no: str) -> ResponseReturnValue:
    """Approve or refuse."""
    with unit_of_work() as uow:
        lending.decide(
            uow,
            lending_no,
            approve=request.form.get("decision") == "approve",
            note=request.form.get("note", ""),
        )
    flash(_("已处理。"))
    return redirect(url_for("lendings.slip", lending_no=lending_no))


@bp.post("/store/lendings/<lending_no>/withdraw")
@requires(Permission.LENDING_REQUEST)
def withdraw(lending_no: str) -> ResponseReturnValue:
    """Take one's own request back."""
    with unit_of_work() as uow:
        lending.withdraw(uow, lending_no)
    flash(_("已撤回。"))
    return redirect(url_for("lendings.slip", lending_no=lending_no))


@bp.post("/store/lendings/<lending_no>/countersign")
@requires(Permission.LENDING_APPROVE)
def countersign(lending_no: str) -> ResponseReturnValue:
    """Sign as the second person."""
    with unit_of_work() as uow:
        lending.countersign(uow, lending_no)
    flash(_("已复核签字。"))
    return redirect(url_for("lendings.slip", lending_no=lending_no))


@bp.post("/store/lendings/<lending_no>/extend")
@requires(Permission.CUSTODY_EDIT)
def extend(lending_no: str) -> ResponseReturnValue:
    """Extend, or confirm court use for another month."""
    with unit_of_work() as uow:
        due: date = read_date(request.form.get("due_on", ""))
        lending.extend(uow, lending_no, due, request.form.get("note", ""))
    flash(_("已续借。"))
    return redirect(url_for("lendings.slip", lending_no=lending_no))


@bp.post("/store/hand-out")
@requires(Permission.CUSTODY_EDIT)
def hand_out() -> ResponseReturnValue:
    """Hand out a scanned original."""
    with unit_of_work() as uow:
        done = lending.hand_out(uow, request.form.get("code", ""))
        number, waits = done.lending_no, done.state == "handing_out"
    flash(_("权证须由另一人复核签字后出库。") if waits else _("已出库。"))
    return redirect(url_for("lendings.slip", lending_no=number))


@bp.route("/store/give-back", methods=["GET", "POST"])
@requires(Permission.CUSTODY_EDIT)
def give_back() -> ResponseReturnValue:
    """Take a scanned original back after counting."""
    form = ReturnForm(barcode=request.args.get("code", ""))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                done = lending.give_back(uow, form.command())
                number, waits = done.lending_no, done.state == "returning"
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("权证须由另一人复核签字后入库。") if waits else _("已归还入库。"))
            return redirect(url_for("lendings.slip", lending_no=number))
    return form_page(form, _("归还"), url_for("lendings.index"))
