"""Forms of collection: text in, command out."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from postloan_archive.collection.rules import AGENCY_FIELDS, URGENT, Purpose, Result, StopReason
from postloan_archive.collection.service.contacts import LogContact
from postloan_archive.collection.service.debtors import NoteSurvey, Place
from postloan_archive.collection.service.pauses import NoteComplaint
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.entries import read_amount
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
    promised_for = DateField(_("承诺还款日"), [Optional()])
    promised_amount = StringField(
        _("承诺金额（元）"), [Optional(), Length(max=40)], description=_("可写 3万")
    )
    note = StringField(_("情况"), [Optional(), Length(max=_LONGEST)])
    agreed_other_time = BooleanField(_("债务人同意在该时间联系"))
    contact_on_file = BooleanField(_("第三人是债务人留存的联系人"))
    already_made = BooleanField(_("已经发生，如实登记（标为不合规）"))

    def command(self, loan_no: str) -> LogContact:
        """Return what the service takes; call after `submitted()`."""
        at = self.at.data
        assert isinstance(at, datetime)  # InputRequired has seen to it
        amount = (self.promised_amount.data or "").strip()
        return LogContact(
            loan_no=loan_no,
            at=at.replace(tzinfo=CHINA),
            channel=self.channel.data,
            target=self.target.data,
            person=self.person.data or "",
            purpose=Purpose(self.purpose.data),
            result=Result(self.result.data),
            promised_for=self.promised_for.data,
            promised_amount=read_amount(amount) if amount else None,
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
    received_on = DateField(_("收到日"), [InputRequired(_("请填写收到日。"))])
    content = TextAreaField(
        _("投诉内容"), [InputRequired(_("请填写投诉内容。")), Length(max=_LONGEST)]
    )
    handler = StringField(
        _("处理人（用户名）"),
        [InputRequired(_("请填写处理人。")), Length(max=32)],
        description=_("不能是参与过该笔催收的人"),
    )
    is_complex = BooleanField(_("情况复杂（30 日内答复；否则 15 日）"))

    def command(self, loan_no: str) -> NoteComplaint:
        """Return what the service takes; call after `submitted()`."""
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

    made_on = DateField(_("调查日期"), [InputRequired(_("请填写调查日期。"))])
    reason_for_default = TextAreaField(
        _("违约原因"), [InputRequired(_("请填写违约原因。")), Length(max=_LONGEST)]
    )
    whereabouts = StringField(_("下落"), [Optional(), Length(max=_LONGEST)])
    business = StringField(_("经营或工作"), [Optional(), Length(max=_LONGEST)])
    family = StringField(_("家庭"), [Optional(), Length(max=_LONGEST)])
    other_creditors = StringField(_("其他债权人及其行动"), [Optional(), Length(max=_LONGEST)])
    assets = TextAreaField(
        _("财产线索"),
        [Optional(), Length(max=_LONGEST)],
        render_kw={"rows": 4},
        description=_("每行一项：财产；所在；由谁占有；状态（抵押、查封、转让）"),
    )
    urgent = SelectMultipleField(
        _("紧急情况"),
        choices=[SelectChoice(key, _(text)) for key, text in URGENT.items()],
        render_kw={"size": len(URGENT)},
        description=_("选中任一项即进入紧急处置：先保全财产"),
    )

    def command(self, loan_no: str) -> NoteSurvey:
        """Return what the service takes; call after `submitted()`."""
        names = ("what", "where", "holder", "state")
        assets = tuple(
            dict(zip(names, [part.strip() for part in line.split("；")], strict=False))
            for line in (self.assets.data or "").splitlines()
            if line.strip()
        )
        return NoteSurvey(
            loan_no=loan_no,
            made_on=self.made_on.data,
            reason_for_default=self.reason_for_default.data or "",
            answers={
                "whereabouts": self.whereabouts.data or "",
                "business": self.business.data or "",
                "family": self.family.data or "",
                "other_creditors": self.other_creditors.data or "",
            },
            assets=assets,
            urgent=tuple(self.urgent.data or ()),
        )


class PlaceForm(BaseForm):
    """A loan goes to an agency."""

    agency = StringField(_("机构名称"), [InputRequired(_("请填写机构名称。")), Length(max=100)])
    contract_no = StringField(
        _("委托合同号"), [InputRequired(_("请填写委托合同号。")), Length(max=100)]
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
        )
