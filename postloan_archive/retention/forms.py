"""Forms of retention: text in, command out."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from postloan_archive.admin.forms import ProofForm
from postloan_archive.archive.holds import SetHold
from postloan_archive.loans.models import Loan
from postloan_archive.retention.service.keeping import Appraise
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.fields import DayField
from postloan_archive.web.forms import BaseForm

_LONGEST = 500  # a limit of the form only


class HoldForm(BaseForm):
    """What is to be held, and why; the choice is made from one loan file."""

    target = SelectField(_("保留对象"), coerce=str)
    reason = TextAreaField(
        _("事由"),
        [InputRequired(_("请写明事由。")), Length(max=_LONGEST)],
        render_kw={"rows": 2},
        description=_("如：未了债权、诉讼、执行（含终本）、审计、调查。"),
    )
    authority = StringField(_("依据文件"), [Length(max=_LONGEST)])

    def offer(self, loan: Loan, cases: list[str], documents: list[tuple[int, str]]) -> None:
        """Fill the choice with what hangs on the loan file.

        A sentence that is looked up late counts as markup where it is printed; these hold
        names that people typed, so they are looked up at once and printed as text.
        """
        people = {loan.customer_id: loan.customer.name}
        people |= {row.guarantor_id: row.guarantor.name for row in loan.guarantees}
        people |= {row.provider_id: row.provider.name for row in loan.collateral}
        self.target.choices = [
            SelectChoice("loan", gettext("本案卷 %(no)s", no=loan.loan_no)),
            *(
                SelectChoice(
                    f"customer:{number}", gettext("当事人 %(name)s（其全部案卷）", name=name)
                )
                for number, name in people.items()
            ),
            *(SelectChoice(f"case:{no}", gettext("案件 %(no)s", no=no)) for no in cases),
            *(
                SelectChoice(f"document:{number}", gettext("文件 %(title)s", title=title))
                for number, title in documents
            ),
        ]

    def command(self, loan_no: str) -> SetHold:
        """Return what the service takes; call after `submitted()`."""
        kind, _colon, value = (self.target.data or "").partition(":")
        number = whole_number(value)
        return SetHold(
            loan_no=loan_no,
            case_no=value if kind == "case" else "",
            customer_id=number if kind == "customer" else None,
            document_id=number if kind == "document" else None,
            reason=self.reason.data or "",
            authority=self.authority.data or "",
        )


class AppraisalForm(BaseForm):
    """What the appraisers decided about the marked loan files."""

    verdict = RadioField(
        _("鉴定结论"),
        [InputRequired(_("请选择鉴定结论。"))],
        choices=[
            SelectChoice("destroy", _("销毁")),
            SelectChoice("extend", _("延长保管")),
            SelectChoice("permanent", _("永久保管")),
        ],
    )
    until = DayField(_("延长至（含当日）"))
    members = StringField(
        _("鉴定人员"), [InputRequired(_("请写明鉴定人员。")), Length(max=_LONGEST)]
    )
    report_no = StringField(_("鉴定工作报告文号"), [Length(max=100)])
    opinion = TextAreaField(
        _("鉴定意见"),
        [InputRequired(_("请写明鉴定意见。")), Length(max=2_000)],
        render_kw={"rows": 3},
    )

    def command(self, loan_nos: list[str]) -> Appraise:
        """Return what the service takes; call after `submitted()`."""
        return Appraise(
            loan_nos=tuple(loan_nos),
            verdict=self.verdict.data or "",
            until=self.until.data,
            members=self.members.data or "",
            report_no=self.report_no.data or "",
            opinion=self.opinion.data or "",
        )


class StepForm(ProofForm):
    """A step of a list with the password once more."""

    note = StringField(_("说明（退回时必填）"), [Length(max=_LONGEST)])
