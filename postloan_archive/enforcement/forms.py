"""Forms of the account of a case: text in, command out."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from postloan_archive.archive.queries import DocumentRow
from postloan_archive.cases.forms import papers
from postloan_archive.enforcement.rules.account import Award
from postloan_archive.enforcement.rules.rates import RateEntryError, read_rate
from postloan_archive.enforcement.service import AddCost, KeepAward
from postloan_archive.enforcement.words import BEARERS, COSTS
from postloan_archive.kernel.money import ZERO
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.fields import AmountField, DayField
from postloan_archive.web.forms import BaseForm
from postloan_archive.web.translations import error_text

_LONGEST = 300


class CostForm(BaseForm):
    """Money paid for the case."""

    kind = SelectField(
        _("费用"), choices=[SelectChoice(key, label) for key, label in COSTS.items()]
    )
    amount = AmountField(_("金额（元）"), [InputRequired(_("请填写金额。"))])
    paid_on = DayField(_("交费日"), [InputRequired(_("请填写交费日。"))])
    borne_by = SelectField(
        _("负担"),
        choices=[SelectChoice(key, label) for key, label in BEARERS.items()],
        default="open",
        description=_("以生效裁判确定的为准；没有裁判的选“尚未确定”。"),
    )
    refund_due = AmountField(
        _("应退（元）"), description=_("胜诉退费、减半退费等法院应退还的部分。")
    )
    document_id = SelectField(_("票据"), default="")
    note = StringField(_("说明"), [Optional(), Length(max=_LONGEST)])

    def offer(self, rows: Iterable[DocumentRow]) -> None:
        """Offer the papers of the loan file."""
        self.document_id.choices = papers(rows)

    def validate_amount(self, field: Any) -> None:  # noqa: ANN401 - WTForms carries no types
        """Refuse a cost of nothing."""
        if field.data is not None and not field.data:
            raise ValidationError(str(_("金额须大于 0。")))

    def command(self, case_no: str) -> AddCost:
        """Return what the service takes; call after `submitted()`."""
        assert self.amount.data is not None  # InputRequired has seen to it
        assert self.paid_on.data is not None
        return AddCost(
            case_no=case_no,
            kind=self.kind.data,
            amount=self.amount.data,
            paid_on=self.paid_on.data,
            borne_by=self.borne_by.data,
            refund_due=self.refund_due.data,
            document_id=whole_number(self.document_id.data),
            note=self.note.data or "",
        )


class AwardForm(BaseForm):
    """What the effective paper of the court awards."""

    document_id = SelectField(_("生效文书"), default="")
    principal = AmountField(_("本金（元）"), [InputRequired(_("请填写本金，没有的填 0。"))])
    interest = AmountField(
        _("已确定的利息、罚息、复利（元）"),
        description=_("判决写明的固定金额；计算到下面的起算日前一日。"),
    )
    costs = AmountField(
        _("费用（元）"), description=_("由对方负担的受理费、保全费、律师费等合计。")
    )
    rate_pct = StringField(
        _("此后利息年利率（%）"),
        [Optional(), Length(max=12)],
        description=_("判决“以本金为基数，按年利率…计至实际清偿之日”的利率；没有的留空。"),
    )
    day_basis = SelectField(
        _("年天数"), choices=[SelectChoice("360", "360"), SelectChoice("365", "365")]
    )
    interest_from = DayField(
        _("此后利息起算日"),
        [InputRequired(_("请填写起算日；没有此后利息的，填判决所计截止日的次日。"))],
        description=_("该日起的回款计入本对账单。"),
    )
    performance_last_day = DayField(
        _("履行期间最后一日"),
        [InputRequired(_("请填写履行期间最后一日；文书未定的填生效日。"))],
        description=_("次日起计加倍部分债务利息。"),
    )
    note = StringField(_("说明"), [Optional(), Length(max=_LONGEST)])

    def offer(self, rows: Iterable[DocumentRow]) -> None:
        """Offer the papers of the loan file."""
        self.document_id.choices = papers(rows)

    def validate_rate_pct(self, field: Any) -> None:  # noqa: ANN401 - WTForms carries no types
        """Refuse what is no rate."""
        try:
            read_rate(field.data or "")
        except RateEntryError as error:
            raise ValidationError(error_text(error)) from error

    def command(self, case_no: str) -> KeepAward:
        """Return what the service takes; call after `submitted()`."""
        assert self.principal.data is not None  # InputRequired has seen to it
        assert self.interest_from.data is not None
        assert self.performance_last_day.data is not None
        return KeepAward(
            case_no=case_no,
            award=Award(
                principal=self.principal.data,
                interest=self.interest.data or ZERO,
                costs=self.costs.data or ZERO,
                rate_pct=read_rate(self.rate_pct.data or ""),
                day_basis=int(self.day_basis.data),
                interest_from=self.interest_from.data,
                performance_last_day=self.performance_last_day.data,
            ),
            document_id=whole_number(self.document_id.data),
            note=self.note.data or "",
        )


class RefundForm(BaseForm):
    """The court gave money back."""

    amount = AmountField(_("退回金额（元）"), [InputRequired(_("请填写退回金额。"))])
    on = DayField(_("退回日"), [InputRequired(_("请填写退回日。"))])


class StrikeCostForm(BaseForm):
    """A cost that was never paid."""

    reason = StringField(
        _("删划理由"), [InputRequired(_("请写明理由。")), Length(max=_LONGEST)]
    )
