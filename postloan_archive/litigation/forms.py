"""Forms of the package builder: text in, command out."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from postloan_archive.litigation.service import DescribeExhibit
from postloan_archive.web.forms import BaseForm


class TakeOutForm(BaseForm):
    """Why a loan is no longer sued for in the case."""

    reason = StringField(_("移出理由"), [InputRequired(_("请写明理由。")), Length(max=500)])


class ExhibitForm(BaseForm):
    """Title, purpose, range and form of one exhibit."""

    title = StringField(_("证据名称"), [InputRequired(_("请填写证据名称。")), Length(max=500)])
    purpose = TextAreaField(_("证明目的"), [Optional(), Length(max=2000)])
    first_page = IntegerField(_("起页"), [Optional()], description=_("留空为全部页。"))
    last_page = IntegerField(_("止页"), [Optional()])
    original = BooleanField(_("提交原件"))

    def command(self, case_no: str, item_id: int) -> DescribeExhibit:
        """Return what the service takes; call after `submitted()`."""
        return DescribeExhibit(
            case_no=case_no,
            item_id=item_id,
            title=self.title.data or "",
            purpose=self.purpose.data or "",
            first_page=self.first_page.data,
            last_page=self.last_page.data,
            original=bool(self.original.data),
        )
