"""Forms of the working-day table: text in, command out."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import (
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from postloan_archive.kernel.calendar import DayKind
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.fields import DayField
from postloan_archive.web.forms import BaseForm
from postloan_archive.workdays.notice import NoticeDay
from postloan_archive.workdays.service import (
    ChangeDay,
    ImportYear,
    read_notice_file,
    read_notice_text,
)

_LONGEST = 200  # a limit of the form only


class DayForm(BaseForm):
    """One day is not as the table says."""

    day = DayField(_("日期"), [InputRequired(_("请填写日期。"))])
    kind = SelectField(
        _("当天"),
        choices=[
            SelectChoice(DayKind.REST.value, _("休（放假）")),
            SelectChoice(DayKind.WORK.value, _("班（周末上班）")),
            SelectChoice(DayKind.UNKNOWN.value, _("按平日和周末")),
        ],
    )
    name = StringField(_("名称"), [Optional(), Length(max=50)])
    source = StringField(
        _("依据"),
        [InputRequired(_("请写明依据。")), Length(max=_LONGEST)],
        description=_("通知的文号或名称；留在版本里。"),
    )

    def command(self) -> ChangeDay:
        """Return what the service takes; call after `submitted()`."""
        assert self.day.data  # InputRequired has seen to it
        return ChangeDay(
            day=self.day.data,
            kind=DayKind(self.kind.data),
            name=self.name.data or "",
            source=self.source.data or "",
        )


class ImportForm(BaseForm):
    """The notice of a year, as text or as a table."""

    year = IntegerField(_("年度"), [InputRequired(_("请填写年度。")), NumberRange(2004, 2100)])
    source = StringField(
        _("通知"),
        [InputRequired(_("请写明通知名称或文号。")), Length(max=_LONGEST)],
        description=_("如 国务院办公厅关于2027年部分节假日安排的通知。"),
    )
    published_on = DayField(_("公布日"))
    text = TextAreaField(
        _("通知原文"),
        [Optional(), Length(max=20_000)],
        description=_("整段粘贴；也可每行写 2027-02-05,休,春节。"),
    )
    file = FileField(_("或上传表格（xlsx）"), description=_("三列：日期、休或班、名称。"))
    edition = HiddenField()

    def days(self) -> tuple[NoticeDay, ...]:
        """Return the days that the file, else the text, arranges.

        Raises:
            NoticeError: a subclass says what cannot be read.
        """
        assert self.year.data is not None  # InputRequired has seen to it
        if self.file.data:
            return read_notice_file(self.year.data, self.file.data.stream)
        return read_notice_text(self.year.data, self.text.data or "")

    def command(self, days: tuple[NoticeDay, ...]) -> ImportYear:
        """Return what the service takes; call after `submitted()`."""
        assert self.year.data is not None  # InputRequired has seen to it
        edition = self.edition.data or ""
        return ImportYear(
            year=self.year.data,
            days=days,
            source=self.source.data or "",
            published_on=self.published_on.data,
            expected_edition=whole_number(edition),
        )


def lines_of(days: tuple[NoticeDay, ...]) -> str:
    """Return the days as lines that `read_notice_text` reads back."""
    return "\n".join(f"{one.day.isoformat()},{one.kind.value},{one.name}" for one in days)
