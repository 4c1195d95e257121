"""Forms of the archive: text in, command out."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from postloan_archive.archive.hit_groups import FORMS
from postloan_archive.archive.inbox import FileIt
from postloan_archive.archive.models import Document
from postloan_archive.archive.rules.filing import UNSORTED, UNSORTED_TITLE
from postloan_archive.archive.rules.items import ITEMS
from postloan_archive.archive.service import DescribeDocument
from postloan_archive.kernel.actor import Actor
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.forms import BaseForm

_LONGEST = 500  # a limit of the form only


def item_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return code and title of the items that the person may file under."""
    choices = [
        (item.code, f"{item.code} {gettext(item.title)}")
        for item in ITEMS.values()
        if actor.sees_category(item.category)
    ]
    if actor.sees_category(UNSORTED[:2]):
        choices.append((UNSORTED, f"{UNSORTED} {gettext(UNSORTED_TITLE)}"))
    return choices


class DescribeForm(BaseForm):
    """The card of a document."""

    version = HiddenField()
    title = StringField(_("题名"), [InputRequired(_("请填写题名。")), Length(max=_LONGEST)])
    item_code = SelectField(_("件类"))
    doc_no = StringField(_("文号"), [Optional(), Length(max=200)])
    author = StringField(_("责任者"), [Optional(), Length(max=200)])
    doc_date = DateField(_("日期"), [Optional()])
    form = SelectField(_("形态"))

    @classmethod
    def for_person(cls, actor: Actor, document: Document | None = None) -> "DescribeForm":
        """Return the form with the choices of the person, filled from the document."""
        form = cls(formdata=None, obj=document) if document else cls()
        form.item_code.choices = item_choices(actor)
        form.form.choices = [(key, gettext(label)) for key, label in FORMS.items()]
        return form

    def command(self, document_id: int) -> DescribeDocument:
        """Return what the service takes; call after `submitted()`."""
        return DescribeDocument(
            document_id=document_id,
            version=_number(self.version.data),
            title=self.title.data or "",
            item_code=self.item_code.data or "",
            doc_no=self.doc_no.data or "",
            author=self.author.data or "",
            doc_date=self.doc_date.data,
            form=self.form.data or "scan",
        )


class FileForm(BaseForm):
    """Where a file of the inbox belongs."""

    version = HiddenField()
    offer = HiddenField()  # drawn as a group of radio buttons
    loan_no = StringField(_("借据号"), [Optional(), Length(max=100)])
    item_code = SelectField(_("件类"))
    title = StringField(_("题名"), [Optional(), Length(max=_LONGEST)])
    doc_date = DateField(_("日期"), [Optional()])
    form = SelectField(_("形态"))

    @classmethod
    def for_person(cls, actor: Actor, *, fresh: bool = False) -> "FileForm":
        """Return the form with the choices of the person."""
        form = cls(formdata=None) if fresh else cls()
        form.item_code.choices = item_choices(actor)
        form.form.choices = [(key, gettext(label)) for key, label in FORMS.items()]
        return form

    @property
    def loan_no_chosen(self) -> str:
        """Return the loan that was typed, else the one picked among the offers."""
        return (self.loan_no.data or "").strip() or (self.offer.data or "").strip()

    def command(self, file_id: int) -> FileIt:
        """Return what the service takes; call after `submitted()`."""
        return FileIt(
            file_id=file_id,
            version=_number(self.version.data),
            loan_no=self.loan_no_chosen,
            item_code=self.item_code.data or "",
            title=self.title.data or "",
            doc_date=self.doc_date.data,
            form=self.form.data or "scan",
        )


class RuleForm(BaseForm):
    """Words of a title, and what a paper with them is."""

    words = StringField(_("标题用语"), [InputRequired(_("请填写标题用语。")), Length(max=60)])
    item_code = SelectField(_("件类"))

    @classmethod
    def for_person(cls, actor: Actor, *, fresh: bool = False) -> "RuleForm":
        """Return the form with the items that the person may file under."""
        form = cls(formdata=None) if fresh else cls()
        form.item_code.choices = item_choices(actor)
        return form


class SeparatorForm(BaseForm):
    """Which separator sheets to print; read from the address, so it changes nothing."""

    class Meta:
        """No token: the form asks for a page only."""

        csrf = False

    loan_no = StringField(_("借据号、档号或合同号（可不填）"), [Optional(), Length(max=100)])
    item_code = SelectField(_("件类（可不选）"))
    count = IntegerField(
        _("张数"), [Optional(), NumberRange(1, 50, _("张数须为 1 至 50。"))], default=1
    )

    @classmethod
    def for_person(
        cls, actor: Actor, args: MultiDict[str, str] | None = None
    ) -> "SeparatorForm":
        """Return the form with the items that the person may file under."""
        form = cls(formdata=args or None)
        form.item_code.choices = [("", gettext("不指定")), *item_choices(actor)]
        form.item_code.validate_choice = True
        if form.item_code.data is None:
            form.item_code.data = ""
        return form


class RejectForm(BaseForm):
    """Why a file is sent back."""

    version = HiddenField()
    reason = StringField(
        _("退回理由"), [InputRequired(_("请填写退回理由。")), Length(max=_LONGEST)]
    )

    @property
    def version_seen(self) -> int:
        """Return the version number that the person saw."""
        return _number(self.version.data)


def _number(text: str | None) -> int:
    return whole_number(text) or 0
