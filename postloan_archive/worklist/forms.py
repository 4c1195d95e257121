"""Forms of deadlines: text in, command out."""

from collections.abc import Iterable

from flask_babel import gettext as _now
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from postloan_archive.web.bounds import whole_number
from postloan_archive.web.forms import BaseForm
from postloan_archive.worklist.rules.kinds import LABELS, Kind
from postloan_archive.worklist.service import LONGEST_NOTE, EnterDeadline, Finish, TakeCourtDay

_LONGEST = 200  # a limit of the form only


class _OneForm(BaseForm):
    """Changes one deadline; knows which version the person saw."""

    seen = HiddenField()

    @property
    def version(self) -> int | None:
        """Return the version that was shown, None where none was sent."""
        text = str(self.seen.data or "")
        return whole_number(text)


class AssignForm(_OneForm):
    """Who looks after it."""

    owner = SelectField(_("承办人"), validate_choice=False)

    def offer(self, owners: Iterable[tuple[str, str]]) -> None:
        """Offer the people who may look after it, and nobody."""
        self.owner.choices = [("", _now("未分派")), *owners]


class NoteForm(_OneForm):
    """A note beside the deadline."""

    note = TextAreaField(_("备注"), [Optional(), Length(max=LONGEST_NOTE)])


class DoneForm(_OneForm):
    """It was met; here is the proof."""

    done_on = DateField(_("办结日"), [InputRequired(_("请填写办结日。"))])
    document_id = SelectField(_("凭证"), validate_choice=False)
    note = StringField(_("说明"), [Optional(), Length(max=LONGEST_NOTE)])

    def offer(self, papers: Iterable[tuple[str, str]]) -> None:
        """Offer the papers of the loan file."""
        self.document_id.choices = [("", _now("暂无文件")), *papers]

    def command(self, deadline_id: int) -> Finish:
        """Return what the service takes; call after `submitted()`."""
        assert self.done_on.data  # InputRequired has seen to it
        return Finish(
            deadline_id=deadline_id,
            done_on=self.done_on.data,
            document_id=whole_number(self.document_id.data),
            note=self.note.data or "",
            seen=self.version,
        )


class ReasonForm(_OneForm):
    """Strike a deadline, or take it up again: a reason is always asked for."""

    reason = StringField(
        _("理由"), [InputRequired(_("请说明理由。")), Length(max=LONGEST_NOTE)]
    )


class CourtDayForm(_OneForm):
    """The last day as a paper of the court states it."""

    day = DateField(_("法院文书载明的最后一日"), [InputRequired(_("请填写日期。"))])
    document_id = SelectField(_("法院文书"), validate_choice=False)

    def offer(self, papers: Iterable[tuple[str, str]]) -> None:
        """Offer the papers of the loan file."""
        self.document_id.choices = [("", _now("暂无文件")), *papers]

    def command(self, deadline_id: int) -> TakeCourtDay:
        """Return what the service takes; call after `submitted()`."""
        assert self.day.data  # InputRequired has seen to it
        return TakeCourtDay(
            deadline_id=deadline_id,
            day=self.day.data,
            document_id=whole_number(self.document_id.data),
            seen=self.version,
        )


class EnterForm(BaseForm):
    """A deadline entered by hand."""

    loan_no = StringField(
        _("借据号"), [InputRequired(_("请填写借据号。")), Length(max=_LONGEST)]
    )
    kind = SelectField(_("类别"))
    title = StringField(
        _("事项"), [InputRequired(_("请写明要办的事项。")), Length(max=_LONGEST)]
    )
    day = DateField(_("最后一日"), [InputRequired(_("请填写最后一日。"))])
    court_paper = BooleanField(_("日期由法院文书载明"))
    trigger = StringField(
        _("起算事由"),
        [Optional(), Length(max=_LONGEST)],
        description=_("例如：2026-11-20 收到补正通知书。"),
    )
    case_no = StringField(
        _("案件编号"),
        [Optional(), Length(max=_LONGEST)],
        description=_("本系统的案件编号，没有则留空。"),
    )
    owner = SelectField(_("承办人"), validate_choice=False)
    note = TextAreaField(_("备注"), [Optional(), Length(max=LONGEST_NOTE)])

    def offer(self, owners: Iterable[tuple[str, str]]) -> None:
        """Offer the kinds and the people who may look after it."""
        self.kind.choices = [(str(kind), _now(label)) for kind, label in LABELS.items()]
        self.owner.choices = [("", _now("未分派")), *owners]

    def command(self) -> EnterDeadline:
        """Return what the service takes; call after `submitted()`."""
        assert self.day.data  # InputRequired has seen to it
        return EnterDeadline(
            loan_no=self.loan_no.data or "",
            kind=Kind(self.kind.data),
            title=self.title.data or "",
            day=self.day.data,
            case_no=self.case_no.data or "",
            trigger=self.trigger.data or "",
            court_paper=bool(self.court_paper.data),
            owner=self.owner.data or "",
            note=self.note.data or "",
        )
