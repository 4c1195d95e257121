"""Forms of the letters: text in, command out."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, MultipleFileField
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from postloan_archive.notices.announcing import Breach
from postloan_archive.notices.choosing import AskedRow, asked_rows
from postloan_archive.notices.delivery import Dispatch, RecordOutcome
from postloan_archive.notices.errors import NoNumbersError
from postloan_archive.notices.messages import CHANNELS as MESSAGES
from postloan_archive.notices.messages import SendMessage
from postloan_archive.notices.rules.delivery import (
    CHANNEL_LABELS,
    OUTCOME_LABELS,
    SIGNER_LABELS,
    Channel,
    Outcome,
    Signer,
)
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.rules.given import GIVEN, GivenFact, GivenKind
from postloan_archive.notices.rules.given import LONGEST as GIVEN_LONGEST
from postloan_archive.notices.service import KINDS, PlanRun
from postloan_archive.notices.sheets import loan_numbers
from postloan_archive.web.fields import DayField
from postloan_archive.web.forms import BaseForm

Word = TypeVar("Word", bound=StrEnum)
_LONGEST = 500  # limits of the form only
_DAYS = [Optional(), NumberRange(min=0, max=7300, message=_("请填写 0 至 7300 之间的天数。"))]
GIVEN_PREFIX = "given_"
CALLED_FOR, BY_NUMBER, BY_SHEET = "called_for", "numbers", "sheet"


def _choices(labels: Mapping[Word, str]) -> list[SelectChoice]:
    return [SelectChoice(word.value, _(label)) for word, label in labels.items()]


class PlanForm(BaseForm):
    """Which letters, for which day, to whom."""

    kind = SelectField(_("函件种类"))
    as_of = DayField(_("数据截至"), [InputRequired(_("请填写日期。"))])
    source = RadioField(
        _("选择对象"),
        choices=[
            SelectChoice(CALLED_FOR, _("按期限和逾期筛选")),
            SelectChoice(BY_NUMBER, _("指定借据号")),
            SelectChoice(BY_SHEET, _("上传表格")),
        ],
        default=CALLED_FOR,
    )
    overdue_from = IntegerField(_("逾期不少于（天）"), _DAYS)
    limitation_within = IntegerField(
        _("时效剩余不超过（天）"), _DAYS, description=_("按稳妥的届满日计算，留空不限。")
    )
    guarantee_within = IntegerField(
        _("保证期间剩余不超过（天）"), _DAYS, description=_("只用于担保人通知书。")
    )
    breach_fact = TextAreaField(
        _("违约事实"),
        [Optional(), Length(max=2_000)],
        description=_("照合同用语写明，如“未按约定用途使用贷款，……”。"),
    )
    due_from = DayField(_("宣布到期日"), [Optional()])
    numbers = TextAreaField(
        _("借据号"),
        [Optional(), Length(max=200_000)],
        description=_("一行一个，或用逗号、空格隔开。"),
    )
    sheet = FileField(
        _("表格（.xlsx）"),
        description=_(
            "按表头读取借据号、合同号、证件号；没有这些表头时读取第一列。认不出的行逐行说明。"
        ),
    )

    def offer(self, today: date) -> None:
        """Fill in the kinds and the usual day."""
        self.kind.choices = [
            SelectChoice(code, f"{code} {NOTICES[code].title}") for code in KINDS
        ]
        if self.as_of.data is None and not self.is_submitted():
            self.as_of.data = today

    def given(self) -> dict[str, str]:
        """Return the facts of the run that this kind of letter asks for."""
        found: dict[str, str] = {}
        for fact in GIVEN.get(self.kind.data or "", ()):
            value = self[f"{GIVEN_PREFIX}{fact.name}"].data
            found[fact.name] = value.isoformat() if isinstance(value, date) else value or ""
        return found

    def asked_rows(self) -> list[AskedRow] | None:
        """Return the rows of the sheet given in, None where loans are chosen otherwise.

        Raises:
            NoNumbersError: the sheet holds no number.
            SheetUnreadableError: the sheet cannot be read.
        """
        if self.source.data != BY_SHEET:
            return None
        if not self.sheet.data:
            raise NoNumbersError
        return asked_rows(self.sheet.data.stream)

    def command(self, chosen: tuple[str, ...] | None = None) -> PlanRun:
        """Return what the service takes; call after `submitted()`.

        Args:
            chosen: the loans that the rows of a sheet stand for.

        Raises:
            NoNumbersError: no loan number was typed.
        """
        assert self.as_of.data  # InputRequired has seen to it
        if self.source.data == BY_NUMBER:
            chosen = loan_numbers(self.numbers.data or "")
            if not chosen:
                raise NoNumbersError
        return PlanRun(
            kind=self.kind.data or "",
            as_of=self.as_of.data,
            loan_nos=chosen,
            overdue_from=self.overdue_from.data,
            limitation_within=self.limitation_within.data,
            guarantee_within=self.guarantee_within.data,
            given=self.given(),
            breach=Breach(
                fact=(self.breach_fact.data or "").strip().rstrip("。；"),
                due_from=self.due_from.data,
            ),
        )


def plan_form(kind: str) -> type[PlanForm]:
    """Return the form of a run with the facts that letters of this kind need."""
    more = {f"{GIVEN_PREFIX}{fact.name}": _given_field(fact) for fact in GIVEN.get(kind, ())}
    return type(f"PlanForm{kind}", (PlanForm,), more)


def _given_field(fact: GivenFact) -> Field:
    must = InputRequired(_("请填写。")) if fact.required else Optional()
    label, hint = _(fact.label), _(fact.hint) if fact.hint else ""
    if fact.kind is GivenKind.DAY:
        return DayField(label, [must], description=hint)
    if fact.kind is GivenKind.CHOICE:
        words = [SelectChoice(word, _(word)) for word in fact.choices]
        return SelectField(label, [must], choices=words, description=hint)
    limits = [must, Length(max=GIVEN_LONGEST)]
    make = TextAreaField if fact.kind is GivenKind.TEXT else StringField
    return make(label, limits, description=hint)


class DispatchForm(BaseForm):
    """How and when letters went out."""

    channel = SelectField(_("寄送方式"), choices=_choices(CHANNEL_LABELS))
    on = DayField(_("寄送日期"), [InputRequired(_("请填写日期。"))])
    tracking_no = StringField(_("邮件号"), [Optional(), Length(max=60)])
    content_stated = BooleanField(_("面单已写明内件品名"), default=True)

    def command(self, notice_ids: tuple[int, ...]) -> Dispatch:
        """Return what the service takes; call after `submitted()`."""
        assert self.on.data  # InputRequired has seen to it
        return Dispatch(
            notice_ids=notice_ids,
            channel=Channel(self.channel.data),
            on=self.on.data,
            tracking_no=(self.tracking_no.data or "").strip(),
            content_stated=bool(self.content_stated.data),
        )


class MessageForm(BaseForm):
    """The text of a letter by SMS or e-mail."""

    channel = SelectField(
        _("方式"),
        choices=[SelectChoice(one.value, _(CHANNEL_LABELS[one])) for one in MESSAGES],
    )
    recipient = StringField(
        _("号码或邮箱"), [Optional(), Length(max=120)], description=_("留空用客户资料中的。")
    )
    basis = StringField(
        _("约定依据"),
        [Optional(), Length(max=_LONGEST)],
        description=_("号码或邮箱在哪里约定，如合同第九条；没有约定的不能单独作为凭证。"),
    )

    def command(self, notice_id: int) -> SendMessage:
        """Return what the service takes; call after `submitted()`."""
        return SendMessage(
            notice_id=notice_id,
            channel=Channel(self.channel.data),
            recipient=(self.recipient.data or "").strip(),
            basis=(self.basis.data or "").strip(),
        )


class OutcomeForm(BaseForm):
    """What became of a letter, and the paper that says so."""

    outcome = SelectField(_("结果"), choices=_choices(OUTCOME_LABELS))
    on = DayField(_("日期"), [InputRequired(_("请填写日期。"))])
    signer = SelectField(
        _("签收人"),
        choices=[
            SelectChoice("", _("（回执已签时选择）")),
            *_choices(SIGNER_LABELS),
        ],
    )
    note = StringField(
        _("说明"), [Optional(), Length(max=_LONGEST)], description=_("如退回批注、投递记录。")
    )
    document = SelectField(_("凭证"), coerce=int)
    file = FileField(_("或上传凭证"), description=_("归入本案卷的送达凭证。"))

    def offer(self, documents: list[tuple[int, str]]) -> None:
        """List the papers of the loan file that may prove a delivery."""
        self.document.choices = [
            SelectChoice(0, _("（无，或见上传）")),
            *(SelectChoice(number, text) for number, text in documents),
        ]

    def command(self, notice_id: int, document_id: int | None) -> RecordOutcome:
        """Return what the service takes; call after `submitted()`."""
        assert self.on.data  # InputRequired has seen to it
        return RecordOutcome(
            notice_id=notice_id,
            outcome=Outcome(self.outcome.data),
            on=self.on.data,
            signer=Signer(self.signer.data) if self.signer.data else None,
            note=self.note.data or "",
            document_id=document_id or (self.document.data or None),
        )


class AddressForm(BaseForm):
    """The address for service of an addressee, where it is missing."""

    address = StringField(
        _("送达地址"), [InputRequired(_("请填写送达地址。")), Length(max=_LONGEST)]
    )
    basis = StringField(
        _("依据"),
        [Optional(), Length(max=_LONGEST)],
        description=_("如合同第九条、送达地址确认书；没有约定则留空。"),
    )


class SheetForm(BaseForm):
    """A list of tracking numbers."""

    sheet = FileField(_("登记表（.xlsx）"))


class SlipsForm(BaseForm):
    """Scans of return slips."""

    files = MultipleFileField(_("回执扫描件"))
