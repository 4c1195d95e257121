"""Forms that enter facts of the ledger: a new loan, money received, another rate."""

from decimal import Decimal
from typing import Final

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from postloan_archive.loans.booking import CHANNELS, IN_KIND
from postloan_archive.loans.opening import OpenLoan
from postloan_archive.loans.repaying import RecordPayment, SetRate
from postloan_archive.loans.rules.instalments import Method
from postloan_archive.loans.rules.replanning import KEEP_WORDS, Keep
from postloan_archive.web.fields import AmountField, DayField, PercentField
from postloan_archive.web.forms import BaseForm

PLAIN: Final = "plain"
METHODS: Final = {
    Method.EQUAL_PAYMENT: _("等额本息"),
    Method.EQUAL_PRINCIPAL: _("等额本金"),
    Method.BULLET: _("到期一次还本付息"),
    Method.INTEREST_MONTHLY: _("按月付息到期还本"),
    Method.INTEREST_QUARTERLY: _("按季付息到期还本"),
}


class PaymentForm(BaseForm):
    """Money received on one loan."""

    paid_on = DayField(_("到账日"), [InputRequired(_("请填写到账日。"))])
    amount = AmountField(_("金额（元）"), [InputRequired(_("请填写金额。"))])
    receipt_no = StringField(_("凭证号"), [InputRequired(_("请填写凭证号。")), Length(max=64)])
    keep = SelectField(
        _("提前归还本金时"),
        choices=[
            SelectChoice(PLAIN, _("不是提前还款（普通还款）")),
            *(SelectChoice(one.value, _(words)) for one, words in KEEP_WORDS.items()),
        ],
    )
    payer = StringField(_("付款人"), [Optional(), Length(max=200)])
    channel = SelectField(
        _("渠道"), choices=[SelectChoice(one, _(one)) for one in CHANNELS if one != IN_KIND]
    )

    def command(self, loan_no: str) -> RecordPayment:
        """Return what the service takes; call after `submitted()`."""
        assert self.paid_on.data is not None
        assert self.amount.data is not None  # InputRequired has seen to both
        return RecordPayment(
            loan_no=loan_no,
            paid_on=self.paid_on.data,
            amount=self.amount.data,
            receipt_no=(self.receipt_no.data or "").strip(),
            payer=self.payer.data or "",
            channel=self.channel.data,
            keep=None if self.keep.data == PLAIN else Keep(self.keep.data),
        )


class RateForm(BaseForm):
    """Another rate from a day on."""

    effective_on = DayField(
        _("生效日（含）"),
        [InputRequired(_("请填写生效日。"))],
        description=_("重定价日或补充协议约定的日期"),
    )
    annual_rate = PercentField(
        _("新年利率（%）"), [InputRequired(_("请填写年利率。"))], description=_("如 4.35")
    )
    basis = StringField(
        _("依据"),
        [InputRequired(_("请写明依据。")), Length(max=200)],
        description=_("如：2026-01-20 LPR 3.10% + 95 个基点；或补充协议编号"),
    )

    def command(self, loan_no: str) -> SetRate:
        """Return what the service takes; call after `submitted()`."""
        assert self.effective_on.data is not None
        assert self.annual_rate.data is not None  # InputRequired has seen to both
        return SetRate(
            loan_no=loan_no,
            effective_on=self.effective_on.data,
            annual_rate=self.annual_rate.data,
            basis=(self.basis.data or "").strip(),
        )


class LoanForm(BaseForm):
    """A loan that was paid out."""

    loan_no = StringField(_("借据号"), [InputRequired(_("请填写借据号。")), Length(max=64)])
    branch = SelectField(_("机构"))
    name = StringField(_("借款人名称"), [InputRequired(_("请填写名称。")), Length(max=200)])
    id_no = StringField(
        _("借款人证件号"),
        [InputRequired(_("请填写证件号。")), Length(max=30)],
        description=_("身份证号或统一社会信用代码"),
    )
    phone = StringField(_("联系电话"), [Optional(), Length(max=40)])
    contract_no = StringField(
        _("合同号"), [InputRequired(_("请填写合同号。")), Length(max=100)]
    )
    signed_on = DayField(_("合同签订日"), [InputRequired(_("请填写合同签订日。"))])
    contract_amount = AmountField(_("合同金额（元）"), [Optional()])
    principal = AmountField(_("贷款金额（元）"), [InputRequired(_("请填写贷款金额。"))])
    annual_rate = PercentField(_("年利率（%）"), [InputRequired(_("请填写年利率。"))])
    penalty_uplift = PercentField(_("罚息上浮（%）"), [Optional()], description=_("不填为 50"))
    day_basis = SelectField(
        _("计息基数"), choices=[SelectChoice("360", "360"), SelectChoice("365", "365")]
    )
    method = SelectField(
        _("还款方式"),
        choices=[SelectChoice(one.value, words) for one, words in METHODS.items()],
    )
    disbursed_on = DayField(_("放款日"), [InputRequired(_("请填写放款日。"))])
    due_on = DayField(_("到期日"), [InputRequired(_("请填写到期日。"))])
    pay_day = SelectField(
        _("还款日"),
        choices=[
            SelectChoice("", _("与放款日相同")),
            *(SelectChoice(str(day), str(day)) for day in range(1, 29)),
        ],
    )
    product = StringField(_("产品"), [Optional(), Length(max=100)])
    purpose = StringField(_("贷款用途"), [Optional(), Length(max=200)])

    def command(self) -> OpenLoan:
        """Return what the service takes; call after `submitted()`."""
        principal, rate = self.principal.data, self.annual_rate.data
        signed, disbursed, due = self.signed_on.data, self.disbursed_on.data, self.due_on.data
        assert principal is not None
        assert rate is not None
        assert signed is not None
        assert disbursed is not None
        assert due is not None  # InputRequired has seen to all of them
        return OpenLoan(
            loan_no=(self.loan_no.data or "").strip(),
            branch_code=self.branch.data,
            name=(self.name.data or "").strip(),
            id_no="".join((self.id_no.data or "").split()),
            phone=(self.phone.data or "").strip(),
            contract_no=(self.contract_no.data or "").strip(),
            signed_on=signed,
            contract_amount=self.contract_amount.data or principal,
            principal=principal,
            annual_rate=rate,
            penalty_uplift=self.penalty_uplift.data or Decimal(50),
            day_basis=int(self.day_basis.data),
            method=Method(self.method.data),
            disbursed_on=disbursed,
            due_on=due,
            pay_day=int(self.pay_day.data) if self.pay_day.data else None,
            product=(self.product.data or "").strip(),
            purpose=(self.purpose.data or "").strip(),
        )
