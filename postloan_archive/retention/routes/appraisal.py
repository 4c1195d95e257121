"""What is due, the appraisal, the table of periods, the tab of a loan file."""

from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, users
from postloan_archive.access.permissions import Permission
from postloan_archive.archive import holds
from postloan_archive.archive.rules.filing import item_title
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.retention import due, prints, standing
from postloan_archive.retention.due import Choice
from postloan_archive.retention.forms import AppraisalForm
from postloan_archive.retention.models import RetentionEdition
from postloan_archive.retention.queries import appraisals_of, editions, lists_of_loan
from postloan_archive.retention.routes.blueprint import bp
from postloan_archive.retention.rules.periods import (
    BLOCK_WORDS,
    CLASS_WORDS,
    CLASSES,
    STANDARD_YEARS,
    RetentionClass,
)
from postloan_archive.retention.service import keeping
from postloan_archive.retention.service.keeping import ChangeTable
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

VERDICTS: Final = {
    "destroy": _l("销毁"),
    "extend": _l("延长保管"),
    "permanent": _l("永久保管"),
}
SHOW_WORDS: Final = {
    "due": _l("到期待鉴定"),
    "ready": _l("已鉴定待造册"),
    "blocked": _l("到期但有阻却"),
    "running": _l("未届满"),
    "all": _l("全部已结清"),
}
PERMANENT: Final = "Y"
MOST_PAGE: Final = 10**6  # a page number beyond any list
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/retention")
@requires(Permission.RETENTION_VIEW)
def index() -> ResponseReturnValue:
    """Show which settled loan files are due, by year and class."""
    light("retention.index")
    with unit_of_work() as uow:
        return _index(uow, AppraisalForm())


@bp.post("/retention/appraisals")
@requires(Permission.RETENTION_EDIT)
def appraise() -> ResponseReturnValue:
    """Record a decision of the appraisers about the marked loan files."""
    form, marked = AppraisalForm(), request.form.getlist("loan")
    if form.submitted():
        try:
            with unit_of_work() as uow:
                count = len(keeping.appraise(uow, form.command(marked)))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已登记 %(count)s 卷的鉴定结论。", count=count))
            return redirect(url_for("retention.index", show="ready"))
    light("retention.index")
    with unit_of_work() as uow:
        return _index(uow, form, marked), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/retention/appraisals.docx")
@requires(Permission.RETENTION_VIEW)
def appraisal_paper() -> ResponseReturnValue:
    """Return 鉴定表 of what the page shows as Word."""
    with unit_of_work() as uow:
        rows = due.everything(uow, _choice())
        body = prints.appraisal_paper(uow, rows)
        uow.record("retention.appraisal_exported", "retention:due", rows=len(rows))
    return download(body, name="档案鉴定表.docx", media_type=DOCX)


@bp.get("/retention/table")
@requires(Permission.RETENTION_VIEW)
def table() -> ResponseReturnValue:
    """Show the table of periods and how it came about."""
    light("retention.table")
    with unit_of_work() as uow:
        return _table(uow, {})


@bp.post("/retention/table")
@requires(Permission.POLICY_EDIT)
def change_table() -> ResponseReturnValue:
    """Change the table: a new edition, with the reason."""
    light("retention.table")
    faults: dict[str, str] = {}
    years = {one: request.form.get(one.value, "").strip() for one in RetentionClass}
    wrong = [one for one, text in years.items() if text != PERMANENT and not _is_years(text)]
    seen = request.form.get("seen", "")
    if wrong:
        faults["years"] = _("保管年数应为整数，或选永久。")
    else:
        command = ChangeTable(
            years={
                one: None if text == PERMANENT else int(text) for one, text in years.items()
            },
            reason=request.form.get("reason", ""),
            seen=int(seen) if _is_years(seen) else -1,
        )
        try:
            with unit_of_work() as uow:
                keeping.change_table(uow, command)
        except PostloanError as error:
            said = " ".join(filter(None, (error_text(error), next_step_text(error))))
            faults[error.field or ""] = said
        else:
            flash(_("保管期限表已改，作为新的版本。"))
            return redirect(url_for("retention.table"))
    with unit_of_work() as uow:
        return _table(uow, faults), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/loans/<loan_no>/retention")
@requires(Permission.RETENTION_VIEW)
def of_loan(loan_no: str) -> ResponseReturnValue:
    """Show the period of a loan file, its holds, appraisals and what was destroyed."""
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "retention")
        found = standing.standing_of(uow, file.loan)
        return render_template(
            "retention/of_loan.html",
            file=file,
            standing=found,
            classes=CLASS_WORDS,
            blocks=BLOCK_WORDS,
            kinds=holds.KINDS,
            verdicts=VERDICTS,
            appraisals=appraisals_of(uow, file.loan.id),
            lists=lists_of_loan(uow, file.loan.id),
            tombstones=[
                row
                for row in standing.tombstones_of(uow, file.loan.id)
                if uow.actor.sees_category(row.item_code[:2])
            ],
            names=users.display_names(uow),
            item_title=lambda code: _(item_title(code)),
        )


@bp.post("/retention/restore-review")
@requires(Permission.RETENTION_APPROVE)
def review_restore() -> ResponseReturnValue:
    """Record that the holds were compared after a restore."""
    with unit_of_work() as uow:
        keeping.review_restore(uow, request.form.get("reason", ""))
    flash(_("已记录复核；可以继续办理销毁。"))
    return redirect(url_for("retention.index"))


def _index(uow: UnitOfWork, form: AppraisalForm, marked: list[str] | None = None) -> str:
    choice = _choice()
    size = page_of(request.args, total=0).size
    wanted = max(1, request.args.get("page", 1, int))
    found = due.due_list(uow, choice, offset=(min(wanted, MOST_PAGE) - 1) * size, size=size)
    page = page_of(request.args, total=found.total)
    if page.number != wanted:  # beyond the end: the last page
        found = due.due_list(uow, choice, offset=page.offset, size=page.size)
    return render_template(
        "retention/index.html",
        rows=found.rows,
        total_pieces=found.pieces,
        total_pages=found.pages,
        page=page,
        form=form,
        marked=marked or [],
        show=choice.show,
        shows=[
            {
                "label": _(SHOW_WORDS[one]),
                "href": url_for("retention.index", show=one),
                "current": one == choice.show,
                "count": found.counts[one],
            }
            for one in due.SHOW
        ],
        years=found.years,
        left_out=found.left_out,
        classes=CLASS_WORDS,
        blocks=BLOCK_WORDS,
        verdicts=VERDICTS,
        branches=[
            (row.id, row.name)
            for row in branches.tree(uow.session)
            if uow.actor.sees_branch(row.id)
        ],
        restored=standing.needs_review(uow),
    )


def _choice() -> Choice:
    wanted = request.args.get("show", "")
    return Choice(
        show=wanted if wanted in due.SHOW else due.SHOW[0],
        year=request.args.get("year", 0, int),
        kind=request.args.get("class", ""),
        branch=request.args.get("branch", 0, int),
    )


def _is_years(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4  # noqa: PLR2004 - no bomb


def _table(uow: UnitOfWork, faults: dict[str, str]) -> str:
    edition, years = standing.table_of(uow)
    found: list[RetentionEdition] = editions(uow)
    return render_template(
        "retention/table.html",
        edition=edition,
        rows=[
            (
                one,
                CLASS_WORDS[one],
                request.form.get(one.value, _text(years[one])),
                _text(STANDARD_YEARS[one]),
            )
            for one in RetentionClass
        ],
        editions=found,
        faults=faults,
        reason=request.form.get("reason", ""),
        basis=CLASSES,
        names=users.display_names(uow),
        permanent=PERMANENT,
    )


def _text(years: int | None) -> str:
    return PERMANENT if years is None else str(years)
