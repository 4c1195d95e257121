"""The legal identity of a branch as letters and court papers print it: text in, facts out."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import Length, Optional

from postloan_archive.loans.lenders import Lender
from postloan_archive.web.forms import BaseForm

_LONGEST = 200  # a limit of the form only


def _text(label: str) -> StringField:
    return StringField(label, [Optional(), Length(max=_LONGEST)])


class LenderForm(BaseForm):
    """What is left empty is taken from the branch above."""

    name = _text(_("机构全称"))
    uscc = _text(_("统一社会信用代码"))
    domicile = _text(_("住所地"))
    phone = _text(_("联系电话"))
    legal_rep = _text(_("法定代表人（负责人）"))
    legal_rep_post = _text(_("职务"))
    legal_rep_id_no = _text(_("法定代表人身份证号码"))
    account = _text(_("收款账号"))
    bank = _text(_("开户行"))

    def inherit(self, lender: Lender) -> None:
        """Show beside each blank what holds while it is empty."""
        for item in self:
            known = getattr(lender, item.name, "")
            if known and not item.data:
                item.description = _("不填则用：%(known)s", known=known)

    def command(self) -> Lender:
        """Return the facts; call after `submitted()`."""
        return Lender(
            name=self.name.data or "",
            uscc=self.uscc.data or "",
            domicile=self.domicile.data or "",
            phone=self.phone.data or "",
            legal_rep=self.legal_rep.data or "",
            legal_rep_post=self.legal_rep_post.data or "",
            legal_rep_id_no=self.legal_rep_id_no.data or "",
            account=self.account.data or "",
            bank=self.bank.data or "",
        )
