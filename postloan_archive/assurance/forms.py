"""Forms of proof: text in, command out."""

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from postloan_archive.admin.exporting import AskExport
from postloan_archive.admin.forms import ProofForm

_LONGEST = 500
_MOST_TEXT = 50_000


class ExportForm(ProofForm):
    """Which loan files are to leave, why and for whom; with the password once more."""

    loan_nos = TextAreaField(
        _("借据号（每行一个）"),
        [InputRequired(_("请填写借据号。")), Length(max=_MOST_TEXT)],
        render_kw={"rows": 4},
    )
    recipient = StringField(
        _("接收方"), [InputRequired(_("请写明接收方。")), Length(max=_LONGEST)]
    )
    reason = StringField(
        _("导出事由"), [InputRequired(_("请写明导出事由。")), Length(max=_LONGEST)]
    )

    def command(self) -> AskExport:
        """Return what the service takes; call after `submitted()`."""
        return AskExport(
            loan_nos=tuple((self.loan_nos.data or "").replace(",", "\n").split()),
            reason=self.reason.data or "",
            recipient=self.recipient.data or "",
        )


class DecisionForm(ProofForm):
    """A decision about an export with the password once more."""

    note = StringField(_("说明（退回时必填）"), [Length(max=_LONGEST)])
