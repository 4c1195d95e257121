"""Forms of cases: text in, command out."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from postloan_archive.archive.queries import DocumentRow
from postloan_archive.cases.deciding import DecidePeriod
from postloan_archive.cases.queries import PartyRow
from postloan_archive.cases.recording import (
    CorrectEvent,
    KeepParty,
    KeepProcedure,
    StrikeEvent,
)
from postloan_archive.cases.rules.docket import PER_PARTY, WORKING_KINDS
from postloan_archive.cases.rules.events import LABELS
from postloan_archive.cases.rules.service import SERVICE
from postloan_archive.cases.rules.steps import NEXT, STEP_LABELS, Step
from postloan_archive.cases.service import NOTE, AddEvent, OpenCase
from postloan_archive.kernel.clock import CHINA
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.fields import AmountField, DayField
from postloan_archive.web.forms import BaseForm

_LONGEST = 500  # a limit of the form only
AUTO = "auto"  # the stage that the event leads to
LATER = [SelectChoice("", _("稍后补"))]
PROCEDURES = {
    "preservation": _("保全"),
    "first": _("一审"),
    "second": _("二审"),
    "retrial": _("再审"),
    "enforcement": _("执行"),
    "payment_order": _("支付令"),
}
TRACKS = {"ordinary": _("普通程序"), "simplified": _("简易程序"), "small_claims": _("小额诉讼")}
ROLES = {"plaintiff": _("原告"), "defendant": _("被告"), "third_party": _("第三人")}


class OpenCaseForm(BaseForm):
    """A loan goes to court."""

    loan_no = StringField(
        _("借据号"), [InputRequired(_("请填写借据号。")), Length(max=_LONGEST)]
    )
    court = StringField(
        _("受理法院"),
        [Optional(), Length(max=_LONGEST)],
        description=_("留空则取合同约定的法院。"),
    )

    def command(self) -> OpenCase:
        """Return what the service takes; call after `submitted()`."""
        return OpenCase(loan_no=self.loan_no.data or "", court=self.court.data or "")


def papers(rows: Iterable[DocumentRow]) -> list[SelectChoice]:
    """Return the papers of a loan file as choices, newest first."""
    return [
        *LATER,
        *(
            SelectChoice(str(row.id), f"{row.item_code} {row.title}")
            for row in sorted(rows, key=lambda row: -row.id)
        ),
    ]


class ServiceFields(BaseForm):
    """A day with the way of service, the paper, and the last day that it states."""

    happened_on = DayField(
        _("发生日"),
        [InputRequired(_("请填写发生日。"))],
        description=_("送达的填送达日；公告的填最后刊登日；可写 2026.3.5。"),
    )
    mode = SelectField(_("送达方式"), default="")
    court_date = DayField(
        _("文书载明的末日"), description=_("文书写明期限届满日的填写，以文书为准。")
    )
    document_id = SelectField(_("证明文件"), choices=LATER, default="")

    def offer_service(self, rows: Iterable[DocumentRow]) -> None:
        """Offer the ways of service and the papers of the loan file."""
        self.mode.choices = [
            SelectChoice("", _("不涉及，或填写的就是送达日")),
            *(SelectChoice(str(mode), _(rule.label)) for mode, rule in SERVICE.items()),
        ]
        self.document_id.choices = papers(rows)


class EventForm(ServiceFields):
    """Something happened in the case; `now` is the stage it stands in."""

    now: Step = Step.PREPARED

    kind = SelectField(_("事项"))
    party_id = SelectField(
        _("当事人"), default="", description=_("送达逐人登记，期限分别计算。")
    )
    hour = StringField(
        _("时刻"), [Optional(), Length(max=20)], description=_("开庭的填写，如 09:30。")
    )
    procedure = SelectField(_("程序"), default="")
    court_case_no = StringField(_("案号"), [Optional(), Length(max=100)])
    court = StringField(
        _("法院"),
        [Optional(), Length(max=_LONGEST)],
        description=_("新程序的法院，如二审法院；留空为案件的受理法院。"),
    )
    judge = StringField(_("承办人"), [Optional(), Length(max=100)])
    stage = SelectField(_("阶段转为"), default=AUTO)
    amount = AmountField(_("金额（元）"))
    note = StringField(_("说明"), [Optional(), Length(max=_LONGEST)])

    def offer(
        self, stage: str, people: Iterable[PartyRow], rows: Iterable[DocumentRow]
    ) -> None:
        """Offer the steps that may follow, every event, the parties and the papers."""
        self.now = Step(stage)
        rest = [event for event in LABELS if event not in WORKING_KINDS]
        self.kind.choices = [
            *(
                SelectChoice(str(one), _(LABELS[one]), optgroup=str(_("常用")))
                for one in WORKING_KINDS
            ),
            SelectChoice(NOTE, _("记事"), optgroup=str(_("常用"))),
            *(SelectChoice(str(one), _(LABELS[one]), optgroup=str(_("其他"))) for one in rest),
        ]
        following = NEXT[Step(stage)]
        self.stage.choices = [
            SelectChoice(AUTO, _("随事项变动")),
            SelectChoice("", _("不变")),
            *(
                SelectChoice(str(step), _(STEP_LABELS[step]))
                for step in Step
                if step in following
            ),
        ]
        self.procedure.choices = [
            SelectChoice("", _("不涉及")),
            *(SelectChoice(key, label) for key, label in PROCEDURES.items()),
        ]
        self.party_id.choices = [
            SelectChoice("", _("不涉及")),
            *(SelectChoice(str(one.id), f"{ROLES[one.role]} {one.name}") for one in people),
        ]
        self.offer_service(rows)

    def command(self, case_no: str) -> AddEvent:
        """Return what the service takes; call after `submitted()`."""
        assert self.happened_on.data  # InputRequired has seen to it
        day, hour = self.happened_on.data, _hour(self.hour.data)
        return AddEvent(
            case_no=case_no,
            kind=self.kind.data,
            happened_on=day,
            happened_at=datetime.combine(day, hour, CHINA) if hour else None,
            stage=self._stage(),
            stage_follows=self.stage.data == AUTO,
            procedure=self.procedure.data or "",
            court_case_no=self.court_case_no.data or "",
            court=(self.court.data or "").strip(),
            judge=self.judge.data or "",
            document_id=whole_number(self.document_id.data),
            amount=self.amount.data,
            note=self.note.data or "",
            party_id=whole_number(self.party_id.data),
            mode=self.mode.data or "",
            court_date=self.court_date.data,
        )

    def _stage(self) -> Step | None:
        return Step(self.stage.data) if self.stage.data not in {AUTO, ""} else None

    def validate_party_id(self, field: Any) -> None:  # noqa: ANN401 - WTForms carries no types
        """Ask on whom a paper was served: each party has its own periods (R-A17)."""
        if self.kind.data in {str(kind) for kind in PER_PARTY} and not field.data:
            raise ValidationError(str(_("送达须写明送达了谁，期限按人分别计算。")))

    def validate_hour(self, field: Any) -> None:  # noqa: ANN401 - WTForms carries no types
        """Refuse an hour that no clock shows."""
        try:
            _hour(field.data)
        except ValueError as error:
            raise ValidationError(str(_("时刻请写成 09:30。"))) from error


def _hour(text: str | None) -> time | None:
    """Return the time of day, None for a blank; 9:30 and full-width digits are read.

    Raises:
        ValueError: no clock shows it.
    """
    plain = unicodedata.normalize("NFKC", text or "").strip()
    return time.fromisoformat(plain.zfill(len("00:00"))) if plain else None


class CorrectForm(ServiceFields):
    """The paper of an event says something else."""

    note = StringField(_("说明"), [Optional(), Length(max=_LONGEST)])
    reason = StringField(
        _("更正理由"), [InputRequired(_("请写明理由。")), Length(max=_LONGEST)]
    )

    def command(self, case_no: str, event_id: int) -> CorrectEvent:
        """Return what the service takes; call after `submitted()`."""
        assert self.happened_on.data  # InputRequired has seen to it
        return CorrectEvent(
            case_no=case_no,
            event_id=event_id,
            happened_on=self.happened_on.data,
            mode=self.mode.data or "",
            court_date=self.court_date.data,
            document_id=whole_number(self.document_id.data),
            note=self.note.data or "",
            reason=self.reason.data or "",
        )


class StrikeForm(BaseForm):
    """An event that never was."""

    reason = StringField(
        _("删划理由"), [InputRequired(_("请写明理由。")), Length(max=_LONGEST)]
    )

    def command(self, case_no: str, event_id: int) -> StrikeEvent:
        """Return what the service takes; call after `submitted()`."""
        return StrikeEvent(case_no=case_no, event_id=event_id, reason=self.reason.data or "")


class PeriodForm(BaseForm):
    """A proposed period is not as proposed."""

    verdict = SelectField(
        _("处理"),
        choices=[
            SelectChoice("corrected", _("更正日期")),
            SelectChoice("refused", _("不适用")),
        ],
        default="corrected",
    )
    day = DayField(_("正确的末日"), description=_("不适用的不填。"))
    document_id = SelectField(
        _("依据文书"), choices=LATER, default="", description=_("法院文书载明的日期优先。")
    )
    reason = StringField(_("理由"), [InputRequired(_("请写明理由。")), Length(max=_LONGEST)])

    def command(self, case_no: str, event_id: int, rule: str, act: str) -> DecidePeriod:
        """Return what the service takes; call after `submitted()`."""
        return DecidePeriod(
            case_no=case_no,
            event_id=event_id,
            rule=rule,
            act=act,
            verdict=self.verdict.data,
            day=self.day.data,
            document_id=whole_number(self.document_id.data),
            reason=self.reason.data or "",
        )


class ProcedureForm(BaseForm):
    """A procedure as the court names it."""

    kind = SelectField(_("程序"), choices=[SelectChoice(*one) for one in PROCEDURES.items()])
    court = StringField(_("法院"), [InputRequired(_("请填写法院。")), Length(max=_LONGEST)])
    court_case_no = StringField(_("案号"), [Optional(), Length(max=100)])
    judge = StringField(_("承办人"), [Optional(), Length(max=100)])
    track = SelectField(
        _("审理方式"),
        choices=[SelectChoice(*one) for one in TRACKS.items()],
        default="ordinary",
    )
    opened_on = DayField(_("立案日"))
    closed_on = DayField(_("结案日"))

    def command(
        self,
        case_no: str,
        procedure_id: int | None,
        titles: tuple[tuple[int, str], ...],
    ) -> KeepProcedure:
        """Return what the service takes; call after `submitted()`."""
        return KeepProcedure(
            case_no=case_no,
            procedure_id=procedure_id,
            kind=self.kind.data,
            court=self.court.data or "",
            court_case_no=self.court_case_no.data or "",
            judge=self.judge.data or "",
            track=self.track.data,
            opened_on=self.opened_on.data,
            closed_on=self.closed_on.data,
            titles=titles,
        )


class PartyForm(BaseForm):
    """A party that is no customer of the loan."""

    role = SelectField(
        _("地位"),
        choices=[SelectChoice(*one) for one in ROLES.items() if one[0] != "plaintiff"],
        default="third_party",
    )
    name = StringField(_("名称"), [Optional(), Length(max=_LONGEST)])
    abroad = BooleanField(_("在中国境内没有住所"))

    def command(self, case_no: str) -> KeepParty:
        """Return what the service takes; call after `submitted()`."""
        return KeepParty(
            case_no=case_no,
            role=self.role.data,
            name=self.name.data or "",
            abroad=self.abroad.data,
        )
