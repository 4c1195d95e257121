"""卷内文件: the tree, the pages, the card of one document."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import (
    contents,
    finding,
    linking,
    preview,
    queries,
    redacting,
    service,
)
from postloan_archive.archive.contents import Card, Contents, Entry
from postloan_archive.archive.cutting.sources import origins_of
from postloan_archive.archive.errors import DocumentNotFoundError
from postloan_archive.archive.finding import Find
from postloan_archive.archive.forms import DescribeForm, item_choices
from postloan_archive.archive.hit_groups import FORMS
from postloan_archive.archive.models import Document, Redaction
from postloan_archive.archive.preview import ShownPage
from postloan_archive.archive.record_links import (
    DocumentStep,
    RecordLink,
    document_steps,
    document_uses,
)
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.archive.rules.filing import item_title
from postloan_archive.archive.rules.states import FLAGS, STATES, VERDICTS
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.loans import queries as loans
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.search import Mode
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

ZOOMS: Final = ("width", "page", "real")
TURNS: Final = (0, 90, 180, 270)
WORDS: Final = 200  # characters of the words to mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The document that is looked at, with the page, its neighbours and its card."""

    document: Document
    entry: Entry
    page: ShownPage | None
    text_source: str
    confidence: float | None
    turn: int  # that makes the page stand upright
    card: Card
    uses: tuple[RecordLink, ...]
    links: tuple[linking.Linked, ...]
    copies: tuple[Redaction, ...]
    steps: tuple[DocumentStep, ...]
    before: int | None
    after: int | None


@bp.get("/loans/<loan_no>/items")
@requires(Permission.DOCUMENT_VIEW)
def items(loan_no: str) -> ResponseReturnValue:
    """Show the tree of a loan file and one document of it; of another file it leads there."""
    wanted = request.args.get("document", 0, int)
    with unit_of_work() as uow:
        if wanted:  # the proof of a case may lie in the file of another loan of it
            home = queries.loan_no_of(uow, queries.get_document(uow, wanted))
            if home != loans.get_loan(uow, loan_no).loan_no:
                return redirect(url_for("archive.items", loan_no=home, document=wanted))
        form = None
        if request.args.get("edit") and uow.actor.may(Permission.DOCUMENT_EDIT) and wanted:
            document = queries.get_document(uow, wanted)
            form = DescribeForm.for_person(uow.actor, document)
        return _page(uow, loan_no, wanted, form)


@bp.post("/documents/<int:document_id>")
@requires(Permission.DOCUMENT_EDIT)
def describe(document_id: int) -> ResponseReturnValue:
    """Change the card of a document."""
    with unit_of_work() as uow:
        loan_no = queries.loan_no_of(uow, queries.get_document(uow, document_id))
        form = DescribeForm.for_person(uow.actor)
    if form.submitted():
        try:
            with unit_of_work() as uow:
                service.describe_document(uow, form.command(document_id))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已保存。"))
            return redirect(url_for("archive.items", loan_no=loan_no, document=document_id))
    with unit_of_work() as uow:
        page = _page(uow, loan_no, document_id, form)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _page(uow: UnitOfWork, loan_no: str, wanted: int, form: DescribeForm | None) -> str:
    file = file_frame(uow, loan_no, "items")
    tree = contents.contents_of(uow, file.loan.id, file.completeness)
    piece = _piece(uow, tree, wanted) if tree.documents else None
    if wanted and piece is None:
        raise DocumentNotFoundError(document_id=wanted)
    return render_template(
        "archive/items.html",
        file=file,
        tree=[_group(file.loan_no, group, piece) for group in tree.groups],
        contents=tree,
        piece=piece,
        form=form,
        view=_views(piece.turn if piece else 0),
        words=STATES[piece.card.state] if piece else None,
        origins=origins_of(uow, piece.document.id) if piece else [],
        flags=[_(FLAGS.get(flag, flag)) for flag in piece.document.flags] if piece else [],
        verdicts=VERDICTS,
        forms={key: _(label) for key, label in FORMS.items()},
        item_title=lambda code: _(item_title(code)),
        items_to_choose=item_choices(uow.actor),
        slot=request.args.get("slot", "")[:4],
    )


def _piece(uow: UnitOfWork, tree: Contents, wanted: int) -> Piece | None:
    entry = tree.entry(wanted) if wanted else tree.documents[0]
    if entry is None or entry.document is None:
        return None
    document = queries.get_document(uow, entry.document.id)
    uow.record("archive.document_viewed", f"document:{document.id}", sha256=document.sha256)
    page, source, confidence, turn = None, "", None, 0
    if document.page_count:
        no = min(max(1, request.args.get("page", 1, int)), document.page_count)
        row = queries.get_page(uow, document, no)
        marks = _marks(uow, document, no)
        page = preview.shown_page(document, row, queries.loan_no_of(uow, document), marks)
        source, confidence, turn = row.text_source, row.confidence, row.turn
        if not page.image or request.args.get("view") == "text":
            uow.record(
                "archive.page_viewed",
                f"document:{document.id}",
                page=no,
                sha256=document.sha256,
            )
    return Piece(
        document=document,
        entry=entry,
        page=page,
        text_source=source,
        confidence=confidence,
        turn=turn,
        card=contents.card_of(uow, document),
        uses=document_uses(uow, document.id),
        links=tuple(linking.links_of(uow, document)),
        copies=tuple(redacting.copies_of(uow, document.id)),
        steps=document_steps(uow, document.id),
        before=tree.beside(document.id, -1),
        after=tree.beside(document.id, 1),
    )


def _marks(uow: UnitOfWork, document: Document, no: int) -> tuple[preview.Mark, ...]:
    """Return where the words of the address stand on the page."""
    words = request.args.get("q", "").replace("\0", "").strip()[:WORDS]
    if not words:
        return ()
    hits = finding.of_document(uow, Find(text=words, mode=Mode.ALL), document.id)
    return next((hit.page_marks for hit in hits if hit.page_no == no), ())


def _views(upright: int) -> Mapping[str, object]:
    """Return how the page is shown; one that lies wrongly is turned unless somebody chose."""
    zoom, turn = request.args.get("zoom", ""), request.args.get("turn", upright, int)
    return {
        "zoom": zoom if zoom in ZOOMS else ZOOMS[0],
        "turn": turn if turn in TURNS else 0,
        "text": request.args.get("view") == "text",
        "straight": request.args.get("straight") == "1",
    }


def _group(loan_no: str, group: contents.Group, piece: Piece | None) -> Mapping[str, object]:
    """Return a category as the macro `tree` draws it."""
    upload = url_for("archive.add", loan_no=loan_no)
    return {
        "label": _(group.name),
        "note": _("%(count)s 件", count=group.documents),
        "items": [
            {
                "code": entry.code,
                "title": entry.title,
                "href": url_for("archive.items", loan_no=loan_no, document=entry.document.id)
                if entry.document
                else url_for("archive.items", loan_no=loan_no, slot=entry.code) + "#upload",
                "note": _("%(count)s 页", count=entry.document.page_count)
                if entry.document
                else entry.reason,
                "gap": entry.document is None,
                "warn": _(entry.tag) if entry.tag else "",
                "current": piece is not None
                and entry.document is not None
                and entry.document.id == piece.document.id,
                "upload": "" if entry.document else f"{upload}?item={entry.code}",
            }
            for entry in group.entries
        ],
    }
