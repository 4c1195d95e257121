"""The form of an interruption: text in, command out."""

from collections.abc import Iterable

from flask_babel import gettext as _now
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from postloan_archive.loans.rules.limitation_state import KIND_LABELS
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.fields import DayField
from postloan_archive.web.forms import BaseForm
from postloan_archive.worklist.interrupting import (
    KINDS,
    LONGEST_NOTE,
    PROOFS,
    NoteInterruption,
)


class InterruptionForm(BaseForm):
    """A demand, a promise, a filing, with the paper that proves it."""

    kind = SelectField(
        _("事由"), choices=[SelectChoice(one.value, _(KIND_LABELS[one])) for one in KINDS]
    )
    guarantor = SelectField(_("对谁"), validate_choice=False)
    on = DayField(
        _("发生日"),
        [InputRequired(_("请填写发生日。"))],
        description=_("到达、签字、递交、刊登之日，不是寄出之日。"),
    )
    ended_on = DayField(
        _("程序终结日"),
        [Optional()],
        description=_("起诉、仲裁等程序终结的日子；进行中不填。"),
    )
    proof = SelectField(
        _("凭证种类"), choices=[SelectChoice(key, _(words)) for key, words in PROOFS.items()]
    )
    document_id = SelectField(_("凭证文件"), validate_choice=False)
    accepted = BooleanField(_("法务已核实：证据等级 C 的也计入"))
    note = StringField(_("说明"), [Optional(), Length(max=LONGEST_NOTE)])

    def offer(self, guarantors: Iterable[str], papers: Iterable[tuple[str, str]]) -> None:
        """Offer the debtor and the guarantors, and the papers of the loan file."""
        self.guarantor.choices = [("", _now("债务人")), *((name, name) for name in guarantors)]
        self.document_id.choices = [("", _now("请选择卷内文件")), *papers]

    def command(self, loan_no: str) -> NoteInterruption:
        """Return what the service takes; call after `submitted()`."""
        assert self.on.data is not None  # InputRequired has seen to it
        return NoteInterruption(
            loan_no=loan_no,
            kind=self.kind.data,
            on=self.on.data,
            proof=self.proof.data,
            document_id=whole_number(self.document_id.data) or 0,
            ended_on=self.ended_on.data,
            guarantor=self.guarantor.data or "",
            note=self.note.data or "",
            accepted=bool(self.accepted.data),
        )
