"""Forms of disposal: text in, command out; the fields of a proposal follow its kind."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired, Length, Optional

from postloan_archive.archive.queries import DocumentRow
from postloan_archive.disposal.rules import Kind
from postloan_archive.disposal.service.execution import Execute
from postloan_archive.disposal.service.later import ConfirmClaim, Recover, SellAsset
from postloan_archive.disposal.service.proposals import Propose
from postloan_archive.disposal.terms import LONGEST, TERMS, TRUE, Shape, Term
from postloan_archive.loans.booking import CHANNELS, IN_KIND
from postloan_archive.web.fields import AmountField, DayField
from postloan_archive.web.forms import BaseForm

_NUMBERS = 4000  # characters of a list of loan numbers


class ProposalForm(BaseForm):
    """A proposal of one kind; `form_of` adds the terms of the kind."""

    loan_nos = TextAreaField(
        _("借据号"),
        [InputRequired(_("请填写借据号。")), Length(max=_NUMBERS)],
        description=_("转让、核销可填多笔，每行一个"),
        render_kw={"rows": 2},
    )

    def command(self, kind: Kind) -> Propose:
        """Return what the service takes; call after `submitted()`."""
        given = {term.name: self._text(term) for term in TERMS[kind]}
        numbers = tuple(
            (self.loan_nos.data or "").replace("，", "\n").replace(",", "\n").split()
        )
        return Propose(
            kind=kind, loan_nos=numbers, reason=self["reason"].data or "", terms=given
        )

    def _text(self, term: Term) -> str:
        value = self[term.name].data
        if term.shape is Shape.FLAG:
            return TRUE if value else ""
        if value is None:
            return ""
        return value.isoformat() if term.shape is Shape.DAY else str(value)


def form_of(kind: Kind, **given: Any) -> ProposalForm:  # noqa: ANN401 - what WTForms takes
    """Return the form of a kind: loans, its terms, the reason."""
    fields = {term.name: _field(term) for term in TERMS[kind]}
    fields["reason"] = TextAreaField(
        _("理由"), [InputRequired(_("请写明理由。")), Length(max=2000)], render_kw={"rows": 3}
    )
    made = type(f"{kind.name.title()}Form", (ProposalForm,), fields)
    form: ProposalForm = made(**given)
    return form


def _field(term: Term) -> UnboundField:
    words, hint = _(term.words), _(term.hint) if term.hint else ""
    checks = [InputRequired(_("请填写此项。"))] if term.required else [Optional()]
    match term.shape:
        case Shape.DAY:
            return DayField(words, checks, description=hint)
        case Shape.AMOUNT:
            return AmountField(words, checks, description=hint)
        case Shape.CHOICE:
            offered = [SelectChoice(key, _(text)) for key, text in (term.choices or {}).items()]
            return SelectField(words, choices=offered, description=hint)
        case Shape.FLAG:
            return BooleanField(words, description=hint)
        case _:
            return StringField(words, [*checks, Length(max=LONGEST)], description=hint)


class ExecuteForm(BaseForm):
    """An approved disposal is carried out."""

    executed_on = DayField(_("执行日"), [InputRequired(_("请填写执行日。"))])
    document_id = SelectField(_("执行文件"), choices=[], default="")

    def offer_papers(self, papers: Iterable[DocumentRow], wanted: str) -> None:
        """Offer the papers of the loan files, newest first."""
        self.document_id.description = wanted
        self.document_id.choices = [
            SelectChoice("", _("请选择")),
            *(
                SelectChoice(str(row.id), f"{row.item_code} {row.title}")
                for row in sorted(papers, key=lambda row: -row.id)
            ),
        ]

    def command(self, disposal_no: str) -> Execute:
        """Return what the service takes; call after `submitted()`."""
        assert self.executed_on.data is not None  # InputRequired has seen to it
        chosen = self.document_id.data
        return Execute(
            disposal_no=disposal_no,
            executed_on=self.executed_on.data,
            document_id=int(chosen) if chosen else None,
        )


class SaleForm(BaseForm):
    """An asset is sold."""

    sold_on = DayField(_("处置日"), [InputRequired(_("请填写处置日。"))])
    sold_to = StringField(_("受让人"), [InputRequired(_("请填写受让人。")), Length(max=200)])
    price = AmountField(_("处置价款（元）"), [InputRequired(_("请填写处置价款。"))])
    note = StringField(_("说明"), [Optional(), Length(max=LONGEST)])

    def command(self, asset_id: int) -> SellAsset:
        """Return what the service takes; call after `submitted()`."""
        assert self.sold_on.data is not None
        assert self.price.data is not None  # InputRequired has seen to both
        return SellAsset(
            asset_id=asset_id,
            sold_on=self.sold_on.data,
            sold_to=self.sold_to.data or "",
            price=self.price.data,
            note=self.note.data or "",
        )


class ConfirmedForm(BaseForm):
    """What of a claim was confirmed."""

    confirmed_on = DayField(_("确认日"), [InputRequired(_("请填写确认日。"))])
    amount = AmountField(_("确认金额（元）"), [InputRequired(_("请填写确认金额。"))])
    note = StringField(_("说明"), [Optional(), Length(max=LONGEST)])

    def command(self, disposal_no: str) -> ConfirmClaim:
        """Return what the service takes; call after `submitted()`."""
        assert self.confirmed_on.data is not None
        assert self.amount.data is not None  # InputRequired has seen to both
        return ConfirmClaim(
            disposal_no=disposal_no,
            confirmed_on=self.confirmed_on.data,
            amount=self.amount.data,
            note=self.note.data or "",
        )


class RecoveryForm(BaseForm):
    """Money that came in."""

    loan_no = StringField(_("借据号"), [InputRequired(_("请填写借据号。")), Length(max=64)])
    paid_on = DayField(_("到账日"), [InputRequired(_("请填写到账日。"))])
    amount = AmountField(_("金额（元）"), [InputRequired(_("请填写金额。"))])
    channel = SelectField(
        _("回款渠道"),
        choices=[SelectChoice(one, _(one)) for one in CHANNELS if one != IN_KIND],
    )
    receipt_no = StringField(
        _("入账凭证号"), [InputRequired(_("请填写入账凭证号。")), Length(max=64)]
    )
    payer = StringField(_("付款人"), [Optional(), Length(max=200)])

    def command(self) -> Recover:
        """Return what the service takes; call after `submitted()`."""
        assert self.paid_on.data is not None
        assert self.amount.data is not None  # InputRequired has seen to both
        return Recover(
            loan_no=self.loan_no.data or "",
            paid_on=self.paid_on.data,
            amount=self.amount.data,
            channel=self.channel.data,
            receipt_no=self.receipt_no.data or "",
            payer=self.payer.data or "",
        )
