"""Forms of collection: text in, command out."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from postloan_archive.collection.rules import (
    AGENCY_FIELDS,
    URGENT,
    Channel,
    Purpose,
    Result,
    StopReason,
    Target,
)
from postloan_archive.collection.service.contacts import LogContact
from postloan_archive.collection.service.debtors import NoteSurvey, Place
from postloan_archive.collection.service.pauses import NoteComplaint
from postloan_archive.collection.service.plans import ProposePlan
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.entries import read_amount, read_date
from postloan_archive.web.fields import AmountField, DayField
from postloan_archive.web.forms import BaseForm

_LONGEST = 2000  # a limit of the form only
CHANNELS = {
    "call": _("电话"),
    "visit": _("上门"),
    "letter": _("信函"),
    "message": _("短信、微信等"),
}
TARGETS = {"debtor": _("债务人"), "guarantor": _("担保人"), "third_party": _("第三人")}
PURPOSES = {Purpose.COLLECT: _("催收"), Purpose.RESTORE_CONTACT: _("恢复联系")}


class ContactForm(BaseForm):
    """A contact that took place."""

    at = DateTimeLocalField(
        _("联系时间"), [InputRequired(_("请填写联系时间。"))], format="%Y-%m-%dT%H:%M"
    )
    channel = SelectField(
        _("方式"), choices=[SelectChoice(key, text) for key, text in CHANNELS.items()]
    )
    target = SelectField(
        _("对象"), choices=[SelectChoice(key, text) for key, text in TARGETS.items()]
    )
    person = StringField(
        _("联系人姓名"), [InputRequired(_("请填写联系人姓名。")), Length(max=100)]
    )
    purpose = SelectField(
        _("目的"), choices=[SelectChoice(str(key), text) for key, text in PURPOSES.items()]
    )
    result = SelectField(
        _("结果"), choices=[SelectChoice(str(one), _(str(one))) for one in Result]
    )
    promised_for = DayField(_("承诺还款日"), [Optional()])
    promised_amount = AmountField(_("承诺金额（元）"), [Optional()], description=_("可写 3万"))
    note = StringField(_("情况"), [Optional(), Length(max=_LONGEST)])
    agreed_other_time = BooleanField(_("债务人同意在该时间联系"))
    contact_on_file = BooleanField(_("第三人是债务人留存的联系人"))
    already_made = BooleanField(_("已经发生，如实登记（标为不合规）"))

    def command(self, loan_no: str) -> LogContact:
        """Return what the service takes; call after `submitted()`."""
        at = self.at.data
        assert isinstance(at, datetime)  # InputRequired has seen to it
        return LogContact(
            loan_no=loan_no,
            at=at.replace(tzinfo=CHINA),
            channel=Channel(self.channel.data),
            target=Target(self.target.data),
            person=self.person.data or "",
            purpose=Purpose(self.purpose.data),
            result=Result(self.result.data),
            promised_for=self.promised_for.data,
            promised_amount=self.promised_amount.data,
            note=self.note.data or "",
            agreed_other_time=bool(self.agreed_other_time.data),
            contact_on_file=bool(self.contact_on_file.data),
            already_made=bool(self.already_made.data),
        )


class StopForm(BaseForm):
    """Collection pauses."""

    reason = SelectField(
        _("停催事由"),
        choices=[
            SelectChoice(str(one), _(str(one)))
            for one in StopReason
            if one is not StopReason.COMPLAINT
        ],
    )
    note = StringField(_("说明"), [Optional(), Length(max=_LONGEST)])


class ComplaintForm(BaseForm):
    """A complaint about collection."""

    person = StringField(_("投诉人"), [InputRequired(_("请填写投诉人。")), Length(max=100)])
    channel = StringField(
        _("渠道"), [InputRequired(_("请填写渠道，如 来电、来信、监管转办。")), Length(max=50)]
    )
    received_on = DayField(_("收到日"), [InputRequired(_("请填写收到日。"))])
    content = TextAreaField(
        _("投诉内容"), [InputRequired(_("请填写投诉内容。")), Length(max=_LONGEST)]
    )
    handler = SelectField(_("处理人"), choices=[], description=_("不能是参与过该笔催收的人"))
    is_complex = BooleanField(_("情况复杂（30 日内答复；否则 15 日）"))

    def offer(self, people: Iterable[tuple[str, str]]) -> None:
        """Offer the people who may handle it."""
        self.handler.choices = [
            SelectChoice("", _("请选择")),
            *(SelectChoice(name, words) for name, words in people),
        ]

    def command(self, loan_no: str) -> NoteComplaint:
        """Return what the service takes; call after `submitted()`."""
        assert self.received_on.data is not None  # InputRequired has seen to it
        return NoteComplaint(
            loan_no=loan_no,
            person=self.person.data or "",
            channel=self.channel.data or "",
            received_on=self.received_on.data,
            content=self.content.data or "",
            handler=(self.handler.data or "").strip(),
            is_complex=bool(self.is_complex.data),
        )


class SurveyForm(BaseForm):
    """What was found out about the debtor."""

    made_on = DayField(_("调查日期"), [InputRequired(_("请填写调查日期。"))])
    reason_for_default = TextAreaField(
        _("违约原因"), [InputRequired(_("请填写违约原因。")), Length(max=_LONGEST)]
    )
    found = SelectField(
        _("下落"),
        choices=[SelectChoice(one, _(one)) for one in ("可联系", "外出可联系", "失联", "死亡")],
    )
    whereabouts = StringField(_("现在何处"), [Optional(), Length(max=_LONGEST)])
    trade = SelectField(
        _("经营或工作状况"),
        choices=[SelectChoice(one, _(one)) for one in ("正常", "下滑", "停业", "失业", "不明")],
    )
    business = StringField(_("经营或工作说明"), [Optional(), Length(max=_LONGEST)])
    family = StringField(_("家庭"), [Optional(), Length(max=_LONGEST)])
    other_creditors = StringField(_("其他债权人及其行动"), [Optional(), Length(max=_LONGEST)])
    urgent = SelectMultipleField(
        _("紧急情况"),
        choices=[SelectChoice(key, _(text)) for key, text in URGENT.items()],
        render_kw={"size": len(URGENT)},
        description=_("选中任一项即进入紧急处置：先保全财产"),
    )

    def command(self, loan_no: str, assets: tuple[dict[str, str], ...]) -> NoteSurvey:
        """Return what the service takes; call after `submitted()`."""
        assert self.made_on.data is not None  # InputRequired has seen to it
        return NoteSurvey(
            loan_no=loan_no,
            made_on=self.made_on.data,
            reason_for_default=self.reason_for_default.data or "",
            answers={
                "whereabouts": _both(self.found.data, self.whereabouts.data),
                "business": _both(self.trade.data, self.business.data),
                "family": self.family.data or "",
                "other_creditors": self.other_creditors.data or "",
            },
            assets=assets,
            urgent=tuple(self.urgent.data or ()),
        )


ASSET_ROWS = 5
ASSET_FIELDS = {
    "what": _("财产"),
    "where": _("所在"),
    "holder": _("由谁占有"),
    "state": _("权利状态"),
}
ASSET_STATES = ("无负担", "已抵押", "已查封", "已转让", "正在转让", "不明")


def assets_in(given: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    """Return the assets of a survey as the rows of the page name them; blank rows are left."""
    rows = []
    for at in range(ASSET_ROWS):
        row = {
            name: given.get(f"asset-{at}-{name}", "").strip()[:_LONGEST]
            for name in ASSET_FIELDS
        }
        if row["what"]:
            rows.append(row)
    return tuple(rows)


def _both(chosen: str, said: str | None) -> str:
    return "，".join(part for part in (chosen, (said or "").strip()) if part)


class PlanForm(BaseForm):
    """A plan for a debtor in difficulty."""

    hardship = TextAreaField(
        _("困难情况"), [InputRequired(_("请写明困难情况和证明。")), Length(max=_LONGEST)]
    )
    rates = TextAreaField(
        _("还款安排"),
        [InputRequired(_("请填写还款安排。")), Length(max=_LONGEST)],
        render_kw={"rows": 6},
        description=_("每行一期，先日期后金额，如 2026-12-20 3000"),
    )

    def command(self, loan_no: str) -> ProposePlan:
        """Return what the service takes; call after `submitted()`.

        Raises:
            DateEntryError, AmountEntryError: a line cannot be read.
        """
        rates = []
        for line in (self.rates.data or "").splitlines():
            parts = line.replace("，", " ").replace("\t", " ").split(maxsplit=1)
            if parts:
                rates.append(
                    (read_date(parts[0]), read_amount(parts[1] if len(parts) > 1 else ""))
                )
        return ProposePlan(
            loan_no=loan_no, hardship=self.hardship.data or "", rates=tuple(rates)
        )


class PlaceForm(BaseForm):
    """A loan goes to an agency."""

    agency = StringField(_("机构名称"), [InputRequired(_("请填写机构名称。")), Length(max=100)])
    contract_no = StringField(
        _("委托合同号"), [InputRequired(_("请填写委托合同号。")), Length(max=100)]
    )
    basis = TextAreaField(
        _("处理依据和影响评估"),
        [InputRequired(_("请写明处理个人信息的依据和影响评估结论。")), Length(max=_LONGEST)],
        render_kw={"rows": 2},
        description=_(
            "委托处理须有合同、事前影响评估（个人信息保护法第21条、第55条）；有单独同意的写明"
        ),
    )
    data_given = SelectMultipleField(
        _("提供的信息"),
        [InputRequired(_("请选择提供的信息。"))],
        choices=[SelectChoice(one, _(one)) for one in AGENCY_FIELDS],
        render_kw={"size": len(AGENCY_FIELDS)},
        description=_("只提供催收所必需的信息；证件号、账户不提供"),
    )

    def command(self, loan_no: str) -> Place:
        """Return what the service takes; call after `submitted()`."""
        return Place(
            loan_no=loan_no,
            agency=self.agency.data or "",
            contract_no=self.contract_no.data or "",
            data_given=tuple(self.data_given.data or ()),
            basis=self.basis.data or "",
        )
