"""Forms of cases: text in, command out."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from postloan_archive.cases.rules.events import LABELS
from postloan_archive.cases.rules.steps import NEXT, STEP_LABELS, Step
from postloan_archive.cases.service import NOTE, AddEvent, OpenCase
from postloan_archive.web.forms import BaseForm

_LONGEST = 500  # a limit of the form only


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


class EventForm(BaseForm):
    """Something happened in the case."""

    kind = SelectField(_("事项"))
    happened_on = DateField(_("发生日"), [InputRequired(_("请填写发生日。"))])
    stage = SelectField(_("阶段转为"))
    procedure = SelectField(_("程序"))
    court_case_no = StringField(_("案号"), [Optional(), Length(max=100)])
    note = StringField(_("说明"), [Optional(), Length(max=_LONGEST)])

    def offer(self, stage: str) -> None:
        """Offer the steps that may follow and every event."""
        self.kind.choices = [
            (NOTE, _("记事")),
            *((str(event), text) for event, text in LABELS.items()),
        ]
        following = NEXT[Step(stage)]
        self.stage.choices = [
            ("", _("不变")),
            *((str(step), STEP_LABELS[step]) for step in Step if step in following),
        ]
        self.procedure.choices = [
            ("", _("不涉及")),
            ("preservation", _("保全")),
            ("first", _("一审")),
            ("second", _("二审")),
            ("retrial", _("再审")),
            ("enforcement", _("执行")),
        ]

    def command(self, case_no: str) -> AddEvent:
        """Return what the service takes; call after `submitted()`."""
        assert self.happened_on.data  # InputRequired has seen to it
        return AddEvent(
            case_no=case_no,
            kind=self.kind.data,
            happened_on=self.happened_on.data,
            stage=Step(self.stage.data) if self.stage.data else None,
            procedure=self.procedure.data or "",
            court_case_no=self.court_case_no.data or "",
            note=self.note.data or "",
        )
