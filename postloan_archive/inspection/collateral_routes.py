"""押品台账: value, insurance, registration, what is to be valued again, loan to value today."""

from datetime import date, timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.inspection import workbook
from postloan_archive.inspection.queries import (
    EXPIRY_DAYS,
    intervals_of,
    months_before,
    revalue_by,
)
from postloan_archive.inspection.rules import InspectionIntervals
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.loans import collateral
from postloan_archive.loans.collateral import AskedCollateral, Revalue
from postloan_archive.sheets import XLSX
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.downloads import download
from postloan_archive.web.fields import AmountField, DayField
from postloan_archive.web.forms import BaseForm
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("collateral", __name__, url_prefix="/collateral")
KINDS: Final = {
    "mortgage_real_estate": _l("不动产抵押"),
    "mortgage_movable": _l("动产抵押"),
    "mortgage_vehicle": _l("车辆抵押"),
    "pledge_deposit": _l("存单质押"),
    "pledge_receivable": _l("应收账款质押"),
    "pledge_equity": _l("股权质押"),
}
VIEWS: Final = {
    "": _l("全部"),
    "insurance": _l("保险到期"),
    "registration": _l("登记到期"),
    "value": _l("应重估"),
}


class RevalueForm(BaseForm):
    """A new value of collateral."""

    value = AmountField(
        lazy_gettext("评估价值（元）"), [InputRequired(lazy_gettext("请填写评估价值。"))]
    )
    valued_on = DayField(
        lazy_gettext("评估日"), [InputRequired(lazy_gettext("请填写评估日。"))]
    )
    insured_until = DayField(lazy_gettext("保险到期日"), [Optional()])
    registered_until = DayField(lazy_gettext("登记到期日"), [Optional()])
    basis = StringField(
        lazy_gettext("依据"),
        [InputRequired(lazy_gettext("请写明评估报告或依据。")), Length(max=200)],
    )
    seen = HiddenField()

    def command(self, collateral_id: int) -> Revalue:
        """Return what the service takes; call after `submitted()`."""
        assert self.value.data is not None
        assert self.valued_on.data is not None  # InputRequired has seen to both
        return Revalue(
            collateral_id=collateral_id,
            value=self.value.data,
            valued_on=self.valued_on.data,
            insured_until=self.insured_until.data,
            registered_until=self.registered_until.data,
            basis=self.basis.data or "",
            seen=self.seen.data or "",
        )


@bp.get("")
@requires(Permission.INSPECTION_VIEW)
def index() -> ResponseReturnValue:
    """List the collateral of running loans."""
    with unit_of_work() as uow:
        today = uow.clock.today()
        intervals = intervals_of(uow)
        asked = _asked(today, intervals)
        page = page_of(request.args, total=collateral.how_many(uow, asked))
        rows = collateral.register(uow, asked, offset=page.offset, limit=page.size)
        return render_template(
            "inspection/collateral.html",
            rows=rows,
            page=page,
            asked=asked,
            total=collateral.total_value(uow, asked),
            view=request.args.get("view", ""),
            views=VIEWS,
            kinds=KINDS,
            today=today,
            again={row.id: revalue_by(row.kind, row.valued_on, intervals) for row in rows},
            branches=[
                (row.id, row.name)
                for row in branches.tree(uow.session, only=uow.actor.branch_ids)
            ],
        )


@bp.get("/register.xlsx")
@requires(Permission.INSPECTION_VIEW)
def export() -> ResponseReturnValue:
    """Hand out the register as a workbook."""
    with unit_of_work() as uow:
        day = uow.clock.today()
        data = workbook.register(uow, _asked(day, intervals_of(uow)), KINDS)
    return download(data, name=f"押品台账-{day}.xlsx", media_type=XLSX)


@bp.route("/<int:collateral_id>", methods=["GET", "POST"])
@requires(Permission.INSPECTION_EDIT)
def revalue(collateral_id: int) -> ResponseReturnValue:
    """Enter a new value, the end of the insurance and of the registration."""
    with unit_of_work() as uow:
        row, loan = collateral.get_collateral(uow, collateral_id)
        now, number = collateral.state_of(row), loan.loan_no
        form = RevalueForm(obj=row, seen=now)
        thing = row.description
    if form.submitted():
        try:
            with unit_of_work() as uow:
                collateral.revalue(uow, form.command(collateral_id))
        except PostloanError as error:
            form.show(error)
            form.seen.data = now  # who was told what it is worth now may go on
        else:
            flash(_("押品价值已更新，原值保留在审计记录中。"))
            return redirect(url_for("collateral.index", q=number))
    page = render_template("inspection/revalue.html", form=form, thing=thing, loan_no=number)
    return page, 422 if form.errors or form.form_errors else 200


def _asked(today: date, intervals: InspectionIntervals) -> AskedCollateral:
    given, soon = request.args, today + timedelta(days=EXPIRY_DAYS)
    view = given.get("view", "")
    return AskedCollateral(
        branch_id=whole_number(given.get("branch")),
        kind=given.get("kind", ""),
        word=given.get("q", ""),
        insured_by=soon if view == "insurance" else None,
        registered_by=soon if view == "registration" else None,
        valued_before=(
            months_before(today, intervals.real_estate_months),
            months_before(today, intervals.other_collateral_months),
        )
        if view == "value"
        else None,
    )
