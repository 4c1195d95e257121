"""资产处置: proposals from list to effect, their papers."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, people
from postloan_archive.access.permissions import Permission
from postloan_archive.archive import queries as archive
from postloan_archive.archive.queries import DocumentRow
from postloan_archive.disposal import papers, queries
from postloan_archive.disposal.forms import ConfirmedForm, ExecuteForm, form_of
from postloan_archive.disposal.models import Disposal
from postloan_archive.disposal.queries import Asked
from postloan_archive.disposal.rules import (
    BASIS_OF,
    KIND_WORDS,
    PROOF_OF,
    STATE_WORDS,
    Kind,
    State,
)
from postloan_archive.disposal.service import execution, later, proposals, telling
from postloan_archive.disposal.terms import shown
from postloan_archive.disposal.workbooks import MEDIA_TYPE, list_workbook, made_line
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.loans import queries as loans
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.sheets import workbook
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.downloads import download
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("disposal", __name__)
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/disposals")
@requires(Permission.DISPOSAL_VIEW)
def index() -> ResponseReturnValue:
    """List the proposals, what waits for somebody at the head."""
    asked = _asked()
    with unit_of_work() as uow:
        page = page_of(request.args, total=queries.how_many(uow, asked))
        return render_template(
            "disposal/index.html",
            rows=queries.listed(uow, asked, offset=page.offset, limit=page.size),
            total=queries.total_of(uow, asked),
            page=page,
            asked=asked,
            kinds=[(str(key), _(text)) for key, text in KIND_WORDS.items()],
            states=[(str(key), _(text)) for key, text in STATE_WORDS.items()],
            kind_words=KIND_WORDS,
            state_words=STATE_WORDS,
            branches=[
                (row.id, row.name)
                for row in branches.tree(uow.session, only=uow.actor.branch_ids)
            ],
        )


@bp.get("/disposals.xlsx")
@requires(Permission.DISPOSAL_VIEW)
def export() -> ResponseReturnValue:
    """Hand out the list of the filter as a workbook."""
    with unit_of_work() as uow:
        data = list_workbook(uow, _asked())
        day = uow.clock.today()
    return download(data, name=f"资产处置-{day}.xlsx", media_type=MEDIA_TYPE)


@bp.route("/disposals/new/<kind>", methods=["GET", "POST"])
@requires(Permission.DISPOSAL_EDIT)
def propose(kind: str) -> ResponseReturnValue:
    """Propose a disposal of one kind."""
    chosen = Kind(kind) if kind in set(Kind) else Kind.RESTRUCTURING
    form = form_of(chosen, loan_nos="\n".join(request.args.getlist("loan")))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                number = proposals.propose(uow, form.command(chosen)).disposal_no
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("处置 %(no)s 已提交，由另一人审批。", no=number))
            return redirect(url_for("disposal.one", disposal_no=number))
    page = render_template(
        "disposal/new.html",
        form=form,
        kind=chosen,
        kinds=KIND_WORDS,
        basis=BASIS_OF.get(chosen, ()),
        numbers=request.args.getlist("loan"),
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/disposals/<disposal_no>")
@requires(Permission.DISPOSAL_VIEW)
def one(disposal_no: str) -> ResponseReturnValue:
    """Show one proposal with its loans, terms, papers, effects and next step."""
    return _page(disposal_no, None, None)


@bp.post("/disposals/<disposal_no>/decide")
@requires(Permission.DISPOSAL_APPROVE)
def decide(disposal_no: str) -> ResponseReturnValue:
    """Approve a proposal or turn it down."""
    agree = request.form.get("decision") == "yes"
    with unit_of_work() as uow:
        proposals.decide(uow, disposal_no, agree=agree, words=request.form.get("words", ""))
    flash(_("已批准。") if agree else _("已退回，未批准。"))
    return redirect(url_for("disposal.one", disposal_no=disposal_no))


@bp.post("/disposals/<disposal_no>/withdraw")
@requires(Permission.DISPOSAL_EDIT)
def withdraw(disposal_no: str) -> ResponseReturnValue:
    """Take a proposal back."""
    with unit_of_work() as uow:
        proposals.withdraw(uow, disposal_no, request.form.get("reason", ""))
    flash(_("已撤回。"))
    return redirect(url_for("disposal.one", disposal_no=disposal_no))


@bp.post("/disposals/<disposal_no>/execute")
@requires(Permission.DISPOSAL_EDIT)
def execute(disposal_no: str) -> ResponseReturnValue:
    """Carry out an approved proposal."""
    form = ExecuteForm()
    with unit_of_work() as uow:
        form.offer_papers(_papers(uow, queries.get_disposal(uow, disposal_no)), "")
    if form.submitted():
        try:
            with unit_of_work() as uow:
                execution.execute(uow, form.command(disposal_no))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已执行，台账和期限已更新。"))
            return redirect(url_for("disposal.one", disposal_no=disposal_no))
    return _page(disposal_no, form, None)


@bp.post("/disposals/<disposal_no>/confirmed")
@requires(Permission.DISPOSAL_EDIT)
def confirm(disposal_no: str) -> ResponseReturnValue:
    """Note what of a bankruptcy claim was confirmed."""
    form = ConfirmedForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                later.confirm_claim(uow, form.command(disposal_no))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("确认金额已登记。"))
            return redirect(url_for("disposal.one", disposal_no=disposal_no))
    return _page(disposal_no, None, form)


@bp.get("/disposals/<disposal_no>/sheet.docx")
@requires(Permission.DISPOSAL_VIEW)
def sheet(disposal_no: str) -> ResponseReturnValue:
    """Hand out the approval sheet as Word."""
    with unit_of_work() as uow:
        row = queries.get_disposal(uow, disposal_no)
        data, number = papers.approval_sheet(uow, row), row.disposal_no
        uow.record("disposal.sheet_exported", f"disposal:{row.id}", disposal_no=number)
    return download(data, name=f"审批表-{number}.docx", media_type=DOCX)


@bp.post("/disposals/<disposal_no>/sheet")
@requires(Permission.DISPOSAL_EDIT)
def file_sheet(disposal_no: str) -> ResponseReturnValue:
    """File the approval sheet as it stands into the loan file."""
    with unit_of_work() as uow:
        document_id = papers.file_sheet(uow, queries.get_disposal(uow, disposal_no)).document_id
    flash(_("审批表已归入案卷（文件 %(no)s）。", no=document_id))
    return redirect(url_for("disposal.one", disposal_no=disposal_no))


@bp.get("/disposals/<disposal_no>/debts.xlsx")
@requires(Permission.DISPOSAL_VIEW)
def debts(disposal_no: str) -> ResponseReturnValue:
    """Hand out the claims of a proposal as a workbook."""
    with unit_of_work() as uow:
        row = queries.get_disposal(uow, disposal_no)
        uow.record("disposal.debts_exported", f"disposal:{row.id}", disposal_no=row.disposal_no)
        data = workbook(
            papers.debts_table(uow, row),
            title="债权清单",
            line=f"{row.disposal_no}　{made_line(uow)}",
        )
        number = row.disposal_no
    return download(data, name=f"债权清单-{number}.xlsx", media_type=MEDIA_TYPE)


@bp.post("/disposals/<disposal_no>/package")
@requires(Permission.DISPOSAL_EDIT)
def package(disposal_no: str) -> ResponseReturnValue:
    """Hand out the data of sold claims as a zip; the trail names who took it."""
    with unit_of_work() as uow:
        data = papers.data_package(uow, queries.get_disposal(uow, disposal_no))
    return download(data, name=f"债权资料-{disposal_no}.zip", media_type="application/zip")


@bp.post("/disposals/<disposal_no>/letters")
@requires(Permission.NOTICE_RUN)
def letters(disposal_no: str) -> ResponseReturnValue:
    """Plan the letters that the disposal calls for; the run is checked and sent there."""
    with unit_of_work() as uow:
        run_id = telling.plan_letters(uow, disposal_no, request.form.get("letter", "")).id
    flash(_("函件批次已建立，请逐封核对后生成。"))
    return redirect(url_for("notices.run", run_id=run_id))


@bp.get("/loans/<loan_no>/disposals")
@requires(Permission.DISPOSAL_VIEW)
def of_loan(loan_no: str) -> ResponseReturnValue:
    """Show what was and is done with one claim."""
    with unit_of_work() as uow:
        frame = file_frame(uow, loan_no, "disposals")
        return render_template(
            "disposal/of_loan.html",
            file=frame,
            rows=queries.disposals_of(uow, frame.loan.id),
            assets=queries.assets_of_loans(uow, [frame.loan.id]),
            amendments=loans.amendments_of(uow, frame.loan.id),
            kinds=KIND_WORDS,
            states=STATE_WORDS,
        )


def _asked() -> Asked:
    given = request.args
    return Asked(
        kind=given.get("kind", ""),
        state=given.get("state", ""),
        branch_id=whole_number(given.get("branch")),
        since=read_date(given["since"]) if given.get("since") else None,
        until=read_date(given["until"]) if given.get("until") else None,
        word=given.get("q", ""),
    )


def _papers(uow: UnitOfWork, row: Disposal) -> list[DocumentRow]:
    return [paper for line in row.loans for paper in archive.documents_of(uow, line.loan_id)]


def _page(
    disposal_no: str, form: ExecuteForm | None, confirming: ConfirmedForm | None
) -> ResponseReturnValue:
    with unit_of_work() as uow:
        row = queries.get_disposal(uow, disposal_no)
        kind, state = Kind(row.kind), State(row.state)
        found = _papers(uow, row)
        if form is None:
            form = ExecuteForm(formdata=None, executed_on=uow.clock.today())
        form.offer_papers(found, _(PROOF_OF[kind]))
        titles = {paper.id: paper for paper in found}
        page = render_template(
            "disposal/one.html",
            row=row,
            kind=kind,
            kind_words=_(KIND_WORDS[kind]),
            state=state,
            state_words=_(STATE_WORDS[state]),
            terms=shown(kind, row.terms),
            basis=BASIS_OF.get(kind, ()),
            table=papers.debts_table(uow, row),
            papers=[
                (paper, titles[paper.document_id], loans.numbers_of(uow, {line.loan_id}))
                for paper in row.papers
                for line in row.loans[:1]
                if paper.document_id in titles
            ],
            letters=[(key, _(telling.LETTER_WORDS[key])) for key in telling.letters_of(row)],
            letter_words=telling.LETTER_WORDS,
            form=form,
            confirming=confirming or ConfirmedForm(formdata=None),
            claim=queries.claim_of(uow, row.id),
            who=people.names_of(uow, {row.proposed_by, row.decided_by, row.executed_by}),
            mine=row.proposed_by == uow.actor.name,
        )
    faults = [one for one in (form, confirming) if one and (one.errors or one.form_errors)]
    return page, 422 if faults else 200
