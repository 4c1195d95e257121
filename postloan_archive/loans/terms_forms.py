"""Forms: a payment struck, and what a contract or a product agrees about repayment."""

from typing import Final

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from postloan_archive.loans.reversing import ReversePayment
from postloan_archive.loans.rules.repayment_terms import KEYS
from postloan_archive.web.fields import DayField
from postloan_archive.web.forms import BaseForm

FOLLOWS: Final = SelectChoice("", _("未约定（按产品或默认）"))


class ReversalForm(BaseForm):
    """A payment that is struck."""

    reversed_on = DayField(_("冲正日"), [InputRequired(_("请填写冲正日。"))])
    reversal_no = StringField(
        _("冲正凭证号"), [Optional(), Length(max=64)], description=_("没有可不填")
    )
    reason = TextAreaField(
        _("冲正原因"),
        [InputRequired(_("请写明冲正原因。")), Length(max=500)],
        description=_("如：重复入账；串户；票据退票"),
    )

    def command(self, loan_no: str, receipt_no: str) -> ReversePayment:
        """Return what the service takes; call after `submitted()`."""
        assert self.reversed_on.data is not None  # InputRequired has seen to it
        return ReversePayment(
            loan_no=loan_no,
            receipt_no=receipt_no,
            reversed_on=self.reversed_on.data,
            reason=self.reason.data or "",
            reversal_no=self.reversal_no.data or "",
        )


class TermsForm(BaseForm):
    """Grace days, allocation, prepayment; what is left blank is not agreed here."""

    grace_days = StringField(
        _("宽限期（天）"),
        [Optional(), Length(max=3)],
        description=_("应还日之后的天数，含最后一天"),
    )
    grace_mode = SelectField(
        _("宽限期的效果"),
        default="",
        choices=[
            FOLLOWS,
            SelectChoice("waived", _("期内还清不计罚息复利，未还清自应还日起计")),
            SelectChoice("after", _("宽限期满后才起计罚息复利")),
        ],
    )
    grace_in_class = SelectField(
        _("分类口径"),
        default="",
        choices=[
            FOLLOWS,
            SelectChoice("no", _("宽限期内照计逾期天数")),
            SelectChoice("yes", _("宽限期内不计逾期天数（本行分类政策允许）")),
        ],
        description=_("R-G05：宽限期用于分类须有本行政策"),
    )
    order = StringField(
        _("清偿顺序"),
        [Optional(), Length(max=60)],
        description=_("如：费用→利息→本金；费用→利息→罚息→复利→本金；先本后息"),
    )
    late_order = StringField(
        _("长期逾期后的清偿顺序"),
        [Optional(), Length(max=60)],
        description=_("合同约定逾期达到一定天数改变顺序的（如先本后息）才填写，R-F10"),
    )
    late_days = StringField(
        _("逾期达到（天）"), [Optional(), Length(max=4)], description=_("不填为 90")
    )
    prepay_interest = SelectField(
        _("提前还款计息"),
        default="",
        choices=[
            FOLLOWS,
            SelectChoice("to_day", _("计至还款日")),
            SelectChoice("full_period", _("计至当期期末")),
        ],
        description=_("没有约定的按实际用款天数（民法典第六百七十七条）"),
    )
    prepay_fee_pct = StringField(
        _("提前还款违约金（%）"),
        [Optional(), Length(max=6)],
        description=_("提前归还本金的百分之几；个人贷款须列入综合融资成本明示表（R-L09）"),
    )
    clause = StringField(_("合同条款"), [Optional(), Length(max=100)])

    def terms(self) -> dict[str, str]:
        """Return the terms by key; call after `submitted()`."""
        return {key: (self[key].data or "").strip().rstrip("%％天") for key in KEYS}
