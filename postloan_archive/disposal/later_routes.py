"""抵债资产 and 回款: what comes after a disposal, and money that comes in."""

from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.disposal import queries
from postloan_archive.disposal.forms import RecoveryForm, SaleForm
from postloan_archive.disposal.rules import ASSET_WORDS, AssetKind
from postloan_archive.disposal.service import later
from postloan_archive.disposal.workbooks import (
    MEDIA_TYPE,
    assets_workbook,
    receipts_workbook,
)
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.loans import receipts
from postloan_archive.loans.receipts import AskedReceipts
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.downloads import download
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("recovery", __name__)
BOOK: Final = "book"  # the button that books what the preview has shown


@bp.get("/disposals/assets")
@requires(Permission.DISPOSAL_VIEW)
def assets() -> ResponseReturnValue:
    """List the assets taken instead of money, the first to be sold at the head."""
    every = request.args.get("all") == "1"
    with unit_of_work() as uow:
        rows = queries.assets(uow, held_only=not every)
        return render_template(
            "disposal/assets.html",
            rows=rows,
            every=every,
            words={str(key): text for key, text in ASSET_WORDS.items()},
            today=uow.clock.today(),
            value=sum((row.value for row, _no in rows), start=0),
        )


@bp.get("/disposals/assets.xlsx")
@requires(Permission.DISPOSAL_VIEW)
def assets_export() -> ResponseReturnValue:
    """Hand out the assets as a workbook."""
    with unit_of_work() as uow:
        data = assets_workbook(uow, held_only=request.args.get("all") != "1")
        day = uow.clock.today()
    return download(data, name=f"抵债资产-{day}.xlsx", media_type=MEDIA_TYPE)


@bp.route("/disposals/assets/<int:asset_id>/sale", methods=["GET", "POST"])
@requires(Permission.DISPOSAL_EDIT)
def sell(asset_id: int) -> ResponseReturnValue:
    """Note the sale of an asset."""
    form = SaleForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                later.sell_asset(uow, form.command(asset_id))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("资产处置已登记。"))
            return redirect(url_for("recovery.assets", all=1))
    with unit_of_work() as uow:
        asset = queries.get_asset(uow, asset_id)
        page = render_template(
            "disposal/sale.html",
            form=form,
            asset=asset,
            kind=_(ASSET_WORDS[AssetKind(asset.kind)]),
        )
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/recoveries")
@requires(Permission.DISPOSAL_VIEW)
def index() -> ResponseReturnValue:
    """List the money that came in, with its sums."""
    with unit_of_work() as uow:
        asked = _asked(uow.clock.today())
        page = page_of(request.args, total=receipts.how_many(uow, asked))
        return render_template(
            "disposal/recoveries.html",
            rows=receipts.receipts(uow, asked, offset=page.offset, limit=page.size),
            sums=receipts.sums(uow, asked),
            page=page,
            asked=asked,
            channels=[(one, _(one)) for one in receipts.channels(uow)],
            places=branches.names(uow.session),
            branches=[
                (row.id, row.name)
                for row in branches.tree(uow.session, only=uow.actor.branch_ids)
            ],
        )


@bp.get("/recoveries.xlsx")
@requires(Permission.DISPOSAL_VIEW)
def export() -> ResponseReturnValue:
    """Hand out the money that came in as a workbook."""
    with unit_of_work() as uow:
        data = receipts_workbook(uow, _asked(uow.clock.today()))
        day = uow.clock.today()
    return download(data, name=f"回款明细-{day}.xlsx", media_type=MEDIA_TYPE)


@bp.route("/recoveries/new", methods=["GET", "POST"])
@requires(Permission.DISPOSAL_EDIT)
def book() -> ResponseReturnValue:
    """Enter money that came in: first the split is shown, then it is booked."""
    form, found = RecoveryForm(loan_no=request.args.get("loan", "")), None
    if form.submitted():
        try:
            cmd = form.command()
            with unit_of_work() as uow:
                if request.form.get("act") == BOOK:
                    settled = later.recover(uow, cmd)
                    flash(_("已入账，贷款已结清。") if settled else _("已入账。"))
                    return redirect(url_for("recovery.index", q=cmd.loan_no))
                found = later.preview_recovery(uow, cmd)
        except PostloanError as error:
            form.show(error)
    page = render_template("disposal/book.html", form=form, found=found)
    return page, 422 if form.errors or form.form_errors else 200


def _asked(today: date) -> AskedReceipts:
    given = request.args
    return AskedReceipts(
        since=read_date(given["since"]) if given.get("since") else today.replace(day=1),
        until=read_date(given["until"]) if given.get("until") else today,
        branch_id=whole_number(given.get("branch")),
        channel=given.get("channel", ""),
        word=given.get("q", ""),
    )
