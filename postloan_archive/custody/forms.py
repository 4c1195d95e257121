"""Forms of the store: text in, command out."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from postloan_archive.custody.models import StoreRoom
from postloan_archive.custody.rules.filling import SPINES_MM
from postloan_archive.custody.rules.lending import WAY_LABELS, Way
from postloan_archive.custody.service.lending import AskFor, GiveBack
from postloan_archive.custody.service.store import AddBox, AddRoom, RegisterOriginal
from postloan_archive.custody.service.transfers import DraftTransfer
from postloan_archive.web.forms import BaseForm

_LONGEST = 500  # a limit of the form only


class RoomForm(BaseForm):
    """A room of a branch."""

    branch_id = SelectField(_("机构"), coerce=int)
    code = StringField(_("编号"), [InputRequired(_("请填写编号。")), Length(max=20)])
    name = StringField(_("名称"), [InputRequired(_("请填写名称。")), Length(max=100)])
    is_vault = BooleanField(_("权证库（双人管理，存放权证原件）"))

    def command(self) -> AddRoom:
        """Return what the service takes; call after `submitted()`."""
        return AddRoom(
            branch_id=self.branch_id.data,
            code=self.code.data or "",
            name=self.name.data or "",
            is_vault=bool(self.is_vault.data),
        )


class BoxForm(BaseForm):
    """A box on a shelf."""

    room_id = SelectField(_("库房"), coerce=int)
    shelf = StringField(
        _("架位"),
        [InputRequired(_("请填写架位，如 A-03-2。")), Length(max=30)],
        description=_("区-架-层，如 A-03-2"),
    )
    spine_mm = SelectField(
        _("盒脊厚度"),
        coerce=int,
        choices=[SelectChoice(mm, f"{mm} mm") for mm in SPINES_MM],
        default=40,
    )

    def offer(self, rooms: list[StoreRoom]) -> None:
        """Offer the rooms that the person sees."""
        self.room_id.choices = [
            SelectChoice(room.id, f"{room.code} {room.name}") for room in rooms
        ]

    def command(self) -> AddBox:
        """Return what the service takes; call after `submitted()`."""
        return AddBox(
            room_id=self.room_id.data, shelf=self.shelf.data or "", spine_mm=self.spine_mm.data
        )


class OriginalForm(BaseForm):
    """A piece of paper arrives."""

    loan_no = StringField(_("借据号"), [InputRequired(_("请填写借据号。")), Length(max=100)])
    item_code = StringField(
        _("件类代码"),
        [InputRequired(_("请填写件类代码。")), Length(max=10)],
        description=_("如 YJ01 借款合同、QZ02 不动产登记证明"),
    )
    title = StringField(_("题名"), [InputRequired(_("请填写题名。")), Length(max=_LONGEST)])
    form = SelectField(
        _("形态"),
        choices=[
            SelectChoice("original", _("原件")),
            SelectChoice("certified_copy", _("核对无异的复印件")),
        ],
    )
    pages = IntegerField(
        _("页数"), [InputRequired(_("请填写页数。")), NumberRange(1, 9999)], default=1
    )
    deed_no = StringField(_("权证编号"), [Optional(), Length(max=100)])
    owner = StringField(_("权利人"), [Optional(), Length(max=100)])
    box_no = StringField(_("盒号"), [Optional(), Length(max=20)], description=_("可稍后上架"))

    def command(self) -> RegisterOriginal:
        """Return what the service takes; call after `submitted()`."""
        return RegisterOriginal(
            loan_no=self.loan_no.data or "",
            item_code=(self.item_code.data or "").strip().upper(),
            title=self.title.data or "",
            form=self.form.data,
            pages=self.pages.data or 0,
            deed_no=self.deed_no.data or "",
            owner=self.owner.data or "",
            box_no=self.box_no.data or "",
        )


class AskForm(BaseForm):
    """Somebody wants an original."""

    barcode = StringField(_("原件条码"), [InputRequired(_("请扫描或填写原件条码。"))])
    way = SelectField(
        _("方式"), choices=[SelectChoice(str(way), text) for way, text in WAY_LABELS.items()]
    )
    purpose = StringField(_("用途"), [InputRequired(_("请填写用途。")), Length(max=_LONGEST)])
    department = StringField(_("部门"), [Optional(), Length(max=100)])
    due_on = DateField(
        _("应还日"),
        [Optional()],
        description=_("留空：库内查阅当日，外借 7 个工作日，法院使用归还为止（按月确认）"),
    )

    def command(self) -> AskFor:
        """Return what the service takes; call after `submitted()`."""
        return AskFor(
            barcode=self.barcode.data or "",
            way=Way(self.way.data),
            purpose=self.purpose.data or "",
            department=self.department.data or "",
            due_on=self.due_on.data,
        )


class ReturnForm(BaseForm):
    """An original comes back."""

    barcode = StringField(_("原件条码"), [InputRequired(_("请扫描或填写原件条码。"))])
    pages_back = IntegerField(
        _("清点页数"), [InputRequired(_("请填写页数。")), NumberRange(0, 9999)]
    )
    note = StringField(_("差异说明"), [Optional(), Length(max=_LONGEST)])
    box_no = StringField(_("盒号"), [Optional(), Length(max=20)], description=_("留空放回原盒"))

    def command(self) -> GiveBack:
        """Return what the service takes; call after `submitted()`."""
        return GiveBack(
            barcode=self.barcode.data or "",
            pages_back=self.pages_back.data or 0,
            note=self.note.data or "",
            box_no=self.box_no.data or "",
        )


class TransferForm(BaseForm):
    """A list of originals that change hands."""

    barcodes = TextAreaField(
        _("原件条码"),
        [InputRequired(_("请扫描或填写原件条码，每行一个。"))],
        render_kw={"rows": 6},
        description=_("每行一个，可连续扫描"),
    )
    from_unit = StringField(_("移交单位"), [InputRequired(_("请填写移交单位。"))])
    to_unit = StringField(_("接收单位"), [InputRequired(_("请填写接收单位。"))])
    witness = StringField(_("监交人"), [Optional(), Length(max=100)])

    def command(self) -> DraftTransfer:
        """Return what the service takes; call after `submitted()`."""
        return DraftTransfer(
            barcodes=tuple((self.barcodes.data or "").split()),
            from_unit=self.from_unit.data or "",
            to_unit=self.to_unit.data or "",
            witness=self.witness.data or "",
        )
