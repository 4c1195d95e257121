"""法院文书: what came from courts and waits, one paper beside what was read from it."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import preview
from postloan_archive.archive import queries as archive
from postloan_archive.cases import case_loans
from postloan_archive.cases import queries as cases
from postloan_archive.cases.errors import CaseNotFoundError
from postloan_archive.cases.forms import EventForm
from postloan_archive.court_papers import queries, service
from postloan_archive.court_papers.forms import proposal
from postloan_archive.court_papers.rules.kinds import KINDS, DayOf, PaperKind
from postloan_archive.court_papers.rules.matching import strength
from postloan_archive.court_papers.rules.reading import LABELS, Found
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text

bp = Blueprint("court_papers", __name__, url_prefix="/court-papers")

PRESERVES: Final = frozenset({PaperKind.PRESERVATION_RULING, PaperKind.PRESERVATION_INFO})


@bp.get("")
@requires(Permission.CASE_VIEW)
def index() -> ResponseReturnValue:
    """List the papers of courts by state; what was read, and the case it speaks of."""
    state = request.args.get("state", "")
    state = state if state in queries.STATES else queries.STATES[0]
    word = request.args.get("q", "").strip()
    with unit_of_work() as uow:
        sums = queries.numbers(uow)
        _rows, total = queries.papers(uow, state=state, word=word, limit=0)
        page = page_of(request.args, total=total)
        rows, _total = queries.papers(
            uow, state=state, word=word, offset=page.offset, limit=page.size
        )
    return render_template(
        "court_papers/index.html",
        rows=rows,
        page=page,
        sums=sums,
        state=state,
        word=word,
        kinds={str(kind): facts.label for kind, facts in KINDS.items()},
        strength=strength,
    )


@bp.route("/<int:document_id>", methods=["GET", "POST"])
@requires(Permission.CASE_EDIT)
def paper(document_id: int) -> ResponseReturnValue:
    """Show a paper with what was read, marked on its page; confirm it into a docket."""
    with unit_of_work() as uow:
        row = queries.get_paper(uow, document_id)
        found = queries.suggested(uow, row.paper, row.loan_no)
        own = [one for one in found if one.loan_no == row.loan_no]
        wanted = request.values.get("case") or (own[0].case_no if own else "")
        form = _form(uow, document_id, row, wanted) if wanted else None
        shown, at = _shown(uow, document_id, row)
        uow.record("archive.document_viewed", f"document:{document_id}", by="court_papers")
    if form and form.submitted():
        try:
            with unit_of_work() as uow:
                event = service.enter(uow, document_id, form.command(wanted))
                event_id = event.id
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("文书已登记到案件；请核对拟定的期限。"))
            return redirect(url_for("cases.case", case_no=wanted, _anchor=f"event-{event_id}"))
    kind = row.paper.kind
    refused = bool(form and form.errors)
    return render_template(
        "court_papers/paper.html",
        row=row,
        shown=shown,
        at=at,
        labels=LABELS,
        facts=KINDS[kind] if kind else None,
        by_receipt=bool(kind and KINDS[kind].day is DayOf.RECEIPT),
        preserves=kind in PRESERVES,
        suggestions=found,
        strength=strength,
        form=form,
        case_no=wanted,
    ), HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK


@bp.post("/<int:document_id>/aside")
@requires(Permission.CASE_EDIT)
def set_aside(document_id: int) -> ResponseReturnValue:
    """Take note that the paper needs no entry."""
    try:
        with unit_of_work() as uow:
            service.set_aside(uow, document_id, request.form.get("reason", ""))
    except PostloanError as error:
        flash(error_text(error), "error")
        return redirect(url_for("court_papers.paper", document_id=document_id))
    flash(_("已注明不必登记；可在“不必登记”中撤回。"))
    return redirect(url_for("court_papers.index"))


@bp.post("/<int:document_id>/back")
@requires(Permission.CASE_EDIT)
def take_back(document_id: int) -> ResponseReturnValue:
    """Let a paper that was set aside wait again."""
    with unit_of_work() as uow:
        service.take_back(uow, document_id)
    flash(_("已撤回，文书重新待登记。"))
    return redirect(url_for("court_papers.paper", document_id=document_id))


def _form(
    uow: UnitOfWork, document_id: int, row: queries.PaperRow, case_no: str
) -> EventForm | None:
    try:
        case = cases.get_case(uow, case_no)
    except CaseNotFoundError:
        return None
    people = cases.parties_of(uow, case)
    form = EventForm(data={**proposal(row.paper, people), "document_id": str(document_id)})
    form.offer(case.stage, people, case_loans.papers_of(uow, case))
    return form


def _shown(
    uow: UnitOfWork, document_id: int, row: queries.PaperRow
) -> tuple[preview.ShownPage | None, Found | None]:
    """Return the page to look at, with the chosen find marked, else all of the page's."""
    document = archive.get_document(uow, document_id)
    if not document.page_count:
        return None, None
    chosen = whole_number(request.args.get("at"))
    at = (
        row.paper.found[chosen]
        if chosen is not None and chosen < len(row.paper.found)
        else None
    )
    no = at.place.page if at else whole_number(request.args.get("page")) or 1
    no = min(max(1, no), document.page_count)
    marks = tuple(
        (one.place.start, one.place.end)
        for one in ((at,) if at else row.paper.found)
        if one is not None and one.place.page == no
    )
    page = archive.get_page(uow, document, no)
    return preview.shown_page(document, page, row.loan_no, tuple(sorted(marks))), at
