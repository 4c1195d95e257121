"""Forms of measures on assets: text in, command out."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from postloan_archive.archive.queries import DocumentRow
from postloan_archive.preservation.commands import (
    ConfirmWaiting,
    CorrectMeasure,
    RegisterMeasure,
    ReleaseMeasure,
    RenewMeasure,
    RequestRenewal,
)
from postloan_archive.preservation.rules.kinds import ASSET_LABELS
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.fields import AmountField, DayField
from postloan_archive.web.forms import BaseForm

_LONGEST = 500  # a limit of the form only
PHASES = {
    "pre_litigation": _("诉前"),
    "in_litigation": _("诉讼中"),
    "pre_enforcement": _("执行前"),
    "enforcement": _("执行中"),
}

LATER = [SelectChoice("", _("稍后补"))]


class PaperForm(BaseForm):
    """A step with a paper of the loan file that proves it."""

    def offer_papers(self, papers: Iterable[DocumentRow]) -> None:
        """Offer the papers of the loan file, newest first."""
        choices = [
            *LATER,
            *(
                SelectChoice(str(row.id), f"{row.item_code} {row.title}")
                for row in sorted(papers, key=lambda row: -row.id)
            ),
        ]
        for field in self:
            if field.name.endswith("document_id"):
                field.choices = choices


class MeasureForm(PaperForm):
    """What the papers of the court say about a measure."""

    respondent = StringField(
        _("被保全人"), [InputRequired(_("请填写被保全人。")), Length(max=_LONGEST)]
    )
    asset_kind = SelectField(
        _("财产种类"),
        choices=[SelectChoice(str(kind), _(label)) for kind, label in ASSET_LABELS.items()],
    )
    asset = StringField(
        _("财产"),
        [InputRequired(_("请填写财产。")), Length(max=_LONGEST)],
        description=_("写到可以辨认：开户行和尾号、坐落和权证号、车牌号。"),
    )
    amount = AmountField(_("保全金额（元）"), description=_("冻结存款须有金额；可写 30万。"))
    phase = SelectField(
        _("阶段"),
        choices=[SelectChoice(*pair) for pair in PHASES.items()],
        default="in_litigation",
    )
    court = StringField(_("法院"), [InputRequired(_("请填写法院。")), Length(max=_LONGEST)])
    judge = StringField(_("承办人"), [Optional(), Length(max=100)])
    ruling_no = StringField(
        _("裁定文号"), [InputRequired(_("请填写裁定文号。")), Length(max=100)]
    )
    effective_on = DayField(
        _("生效日"),
        [InputRequired(_("请填写生效日。"))],
        description=_("裁定和协助执行通知书送达协助单位之日；股权以公示之日为准。"),
    )
    court_expiry = DayField(
        _("法院告知的届满日"), description=_("有则以法院文书为准；没有则按最长期限推算。")
    )
    seizure_order = IntegerField(
        _("顺位"), [NumberRange(1, 99)], default=1, description=_("1 为首封，2 起为轮候。")
    )
    security = StringField(
        _("提供的担保"),
        [Optional(), Length(max=_LONGEST)],
        description=_("如 保全责任险保函；免予担保的写“免”。"),
    )
    security_amount = AmountField(_("担保金额（元）"))
    security_expires_on = DayField(_("担保到期日"))
    fee = AmountField(_("已交保全费（元）"))
    document_id = SelectField(_("证明文件"), choices=LATER, default="")

    def values(self) -> dict[str, Any]:
        """Return what was entered by the name of the column."""
        text = ("respondent", "asset", "court", "judge", "ruling_no", "security")
        plain = ("asset_kind", "amount", "phase", "effective_on", "court_expiry")
        rest = ("security_amount", "security_expires_on", "fee")
        return {
            **{name: (self[name].data or "").strip() for name in text},
            **{name: self[name].data for name in (*plain, *rest)},
            "document_id": whole_number(self.document_id.data),
        }


class RegisterForm(MeasureForm):
    """A new measure of one loan."""

    case_no = SelectField(
        _("案件"), choices=[SelectChoice("", _("不属于已建案件"))], default=""
    )

    def offer_cases(self, case_nos: Iterable[str]) -> None:
        """Offer the cases of the loan."""
        self.case_no.choices = [
            *self.case_no.choices,
            *(SelectChoice(number) for number in case_nos),
        ]

    def command(self, loan_no: str) -> RegisterMeasure:
        """Return what the service takes; call after `submitted()`."""
        return RegisterMeasure(
            loan_no=loan_no,
            case_no=self.case_no.data or "",
            seizure_order=self.seizure_order.data or 1,
            **self.values(),
        )


class CorrectForm(MeasureForm):
    """A measure that was entered wrongly."""

    reason = StringField(
        _("更正理由"), [InputRequired(_("请写明理由。")), Length(max=_LONGEST)]
    )
    seizure_order = None

    def command(self, measure_id: int) -> CorrectMeasure:
        """Return what the service takes; call after `submitted()`."""
        return CorrectMeasure(
            measure_id=measure_id, values=self.values(), reason=self.reason.data or ""
        )


class RequestRenewalForm(PaperForm):
    """The application went to the court."""

    requested_on = DayField(_("提交法院之日"), [InputRequired(_("请填写提交日。"))])
    receipt_on = DayField(
        _("法院收件日"), description=_("没有收件凭证的，安全日前五个工作日上报主管。")
    )
    receipt_document_id = SelectField(_("收件凭证"), choices=LATER, default="")

    def command(self, measure_id: int) -> RequestRenewal:
        """Return what the service takes; call after `submitted()`."""
        assert self.requested_on.data  # InputRequired has seen to it
        return RequestRenewal(
            measure_id=measure_id,
            requested_on=self.requested_on.data,
            receipt_on=self.receipt_on.data,
            receipt_document_id=whole_number(self.receipt_document_id.data),
        )


class RenewForm(PaperForm):
    """The court has renewed."""

    ruling_no = StringField(
        _("续行裁定文号"), [InputRequired(_("请填写裁定文号。")), Length(max=100)]
    )
    effective_on = DayField(_("起始日"), description=_("留空为原届满日次日。"))
    court_expiry = DayField(_("法院告知的届满日"))
    amount = AmountField(_("保全金额（元）"), description=_("留空为不变。"))
    security = StringField(_("担保"), [Optional(), Length(max=_LONGEST)])
    security_expires_on = DayField(_("担保到期日"))
    document_id = SelectField(_("续行裁定"), choices=LATER, default="")

    def command(self, measure_id: int) -> RenewMeasure:
        """Return what the service takes; call after `submitted()`."""
        return RenewMeasure(
            measure_id=measure_id,
            ruling_no=(self.ruling_no.data or "").strip(),
            effective_on=self.effective_on.data,
            court_expiry=self.court_expiry.data,
            amount=self.amount.data,
            security=self.security.data or "",
            security_expires_on=self.security_expires_on.data,
            document_id=whole_number(self.document_id.data),
        )


class ReleaseForm(PaperForm):
    """The measure has ended."""

    released_on = DayField(_("解除或失效之日"), [InputRequired(_("请填写日期。"))])
    reason = SelectField(
        _("原因"),
        choices=[
            SelectChoice(word, _(word))
            for word in (
                "已清偿",
                "和解或撤诉",
                "未在三十日内起诉，申请解除",
                "被申请人提供担保",
                "法院裁定解除",
                "财产已处置",
                "届满未续，已失效",
                "其他",
            )
        ],
    )
    note = StringField(_("说明"), [Optional(), Length(max=_LONGEST)])
    document_id = SelectField(_("证明文件"), choices=LATER, default="")

    def command(self, measure_id: int) -> ReleaseMeasure:
        """Return what the service takes; call after `submitted()`."""
        assert self.released_on.data  # InputRequired has seen to it
        words = filter(None, (self.reason.data, (self.note.data or "").strip()))
        return ReleaseMeasure(
            measure_id=measure_id,
            released_on=self.released_on.data,
            reason="：".join(words),
            document_id=whole_number(self.document_id.data),
        )


class EffectForm(PaperForm):
    """A waiting seizure has taken effect."""

    effective_on = DayField(_("生效日"), [InputRequired(_("请填写生效日。"))])
    court_expiry = DayField(
        _("法院确认的届满日"), description=_("请取得法院书面确认；推算只作估计。")
    )
    document_id = SelectField(_("法院确认文书"), choices=LATER, default="")

    def command(self, measure_id: int) -> ConfirmWaiting:
        """Return what the service takes; call after `submitted()`."""
        assert self.effective_on.data  # InputRequired has seen to it
        return ConfirmWaiting(
            measure_id=measure_id,
            effective_on=self.effective_on.data,
            court_expiry=self.court_expiry.data,
            document_id=whole_number(self.document_id.data),
        )


class ReleaseApplicationForm(BaseForm):
    """Why the measure shall be released, as the application says."""

    reason = TextAreaField(
        _("理由"),
        [InputRequired(_("请写明理由。")), Length(max=_LONGEST)],
        default="被申请人已履行全部债务，保全的原因已经消失。",
    )
