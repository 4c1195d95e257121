"""完整性矩阵: the list, the missing papers of each manager, the bank's lines, marks."""

from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, users
from postloan_archive.access.permissions import Permission
from postloan_archive.archive import completeness_list, matrix
from postloan_archive.archive.completeness_list import Wanted
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.archive.rules.items import ITEMS, ItemState
from postloan_archive.archive.rules.matrix import MatrixRule, usual_extras
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.loans.summaries import papers_by_branch
from postloan_archive.sheets import XLSX, workbook
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

NEW_LINES: Final = 3
LONGEST: Final = 100
KINDS: Final = {  # colour of the tag; the word says it as well
    ItemState.MISSING: "bad",
    ItemState.COPY: "soon",
    ItemState.DEFECTIVE: "soon",
    ItemState.FILED: "ok",
    ItemState.NOT_APPLICABLE: "",
}
SIGNS: Final = {
    ItemState.MISSING: "缺",
    ItemState.COPY: "复印件",
    ItemState.DEFECTIVE: "瑕疵",
    ItemState.FILED: "✓",
    ItemState.NOT_APPLICABLE: "不适用",
}


@bp.get("/completeness")
@requires(Permission.REPORT_VIEW)
def completeness() -> ResponseReturnValue:
    """Show the matrix: one row a loan file, one column a required item."""
    light("archive.completeness")
    wanted = _wanted()
    with unit_of_work() as uow:
        page = page_of(request.args, total=completeness_list.total(uow, wanted))
        rows = completeness_list.rows(uow, wanted, limit=page.size, offset=page.offset)
        names = branches.names(uow.session)
        return render_template(
            "archive/completeness.html",
            rows=rows,
            page=page,
            codes=completeness_list.codes_of(rows),
            items=ITEMS,
            signs=SIGNS,
            kinds=KINDS,
            wanted=wanted,
            choices=completeness_list.choices(uow),
            managers=completeness_list.gaps_by_manager(uow, wanted),
            sums=[
                (names.get(row.branch_id, ""), row)
                for row in papers_by_branch(uow, wanted.branch or None)
            ],
        )


@bp.get("/completeness/<kind>.xlsx")
@requires(Permission.REPORT_VIEW)
def completeness_workbook(kind: str) -> ResponseReturnValue:
    """Return the matrix, or the list of missing papers, as a workbook."""
    with unit_of_work() as uow:
        if kind == "missing":
            title, table = _("缺件清单"), completeness_list.missing_table(uow, _wanted())
        else:
            title, table = _("完整性矩阵"), completeness_list.matrix_table(uow, _wanted())
        now = uow.clock.now().astimezone(CHINA)
        line = f"导出人 {uow.actor.display_name or uow.actor.name}　{now:%Y-%m-%d %H:%M}"
        body = workbook(table, title=title, line=line)
        uow.record("archive.completeness_exported", "completeness", rows=len(table.rows))
    return download(body, name=f"{title}{now:%Y%m%d}.xlsx", media_type=XLSX)


@bp.route("/completeness/rules", methods=["GET"])
@requires(Permission.REPORT_VIEW)
def matrix_rules() -> ResponseReturnValue:
    """Show the bank's own lines and how they came about."""
    light("archive.completeness")
    with unit_of_work() as uow:
        return _rules(uow, {})


@bp.post("/completeness/rules")
@requires(Permission.POLICY_EDIT)
def change_matrix() -> ResponseReturnValue:
    """Change the bank's own lines: a new edition."""
    light("archive.completeness")
    seen = request.form.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 8 else -1  # noqa: PLR2004 - no bomb
    faults: dict[str, str] = {}
    try:
        with unit_of_work() as uow:
            kept = [
                rule
                for at, rule in enumerate(matrix.rules_of(uow)[1])
                if not request.form.get(f"drop-{at}")
            ]
            matrix.change_matrix(
                uow, [*kept, *_new()], reason=request.form.get("reason", ""), seen=number
            )
    except PostloanError as error:
        said = " ".join(filter(None, (error_text(error), next_step_text(error))))
        faults[error.field or ""] = said
    else:
        flash(_("完整性矩阵已改，作为新的版本；全部案卷正在重新清点。"))
        return redirect(url_for("archive.matrix_rules"))
    with unit_of_work() as uow:
        return _rules(uow, faults), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/loans/<loan_no>/completeness")
@requires(Permission.DOCUMENT_VIEW)
def file_completeness(loan_no: str) -> ResponseReturnValue:
    """Show every required item of one loan file with its state."""
    with unit_of_work() as uow:
        return _of_file(uow, loan_no, "")


@bp.post("/loans/<loan_no>/completeness")
@requires(Permission.DOCUMENT_EDIT)
def mark_item(loan_no: str) -> ResponseReturnValue:
    """Mark an item as not applicable or defective, or take the mark off."""
    try:
        with unit_of_work() as uow:
            if request.form.get("mark") == "off":
                matrix.unmark_item(uow, request.form.get("mark_id", 0, int))
            else:
                matrix.mark_item(
                    uow,
                    loan_no,
                    request.form.get("item", ""),
                    request.form.get("mark", ""),
                    request.form.get("reason", ""),
                )
    except PostloanError as error:
        said = " ".join(filter(None, (error_text(error), next_step_text(error))))
        with unit_of_work() as uow:
            return _of_file(uow, loan_no, said), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("已标注。"))
    return redirect(url_for("archive.file_completeness", loan_no=loan_no))


def _of_file(uow: UnitOfWork, loan_no: str, fault: str) -> str:
    file = file_frame(uow, loan_no, "items")
    lines, unknown = completeness_list.lines_of(uow, file.loan)
    return render_template(
        "archive/file_completeness.html",
        file=file,
        lines=[line for line in lines if uow.actor.sees_category(line.code[:2])],
        unknown=unknown,
        kinds=KINDS,
        fault=fault,
        extras=usual_extras(file.loan.product),
        states=ItemState,
    )


def _rules(uow: UnitOfWork, faults: dict[str, str]) -> str:
    edition, rules = matrix.rules_of(uow)
    return render_template(
        "archive/matrix_rules.html",
        edition=edition,
        rules=rules,
        items=ITEMS,
        products=completeness_list.choices(uow).products,
        new_lines=range(NEW_LINES),
        faults=faults,
        form=request.form,
        editions=matrix.editions(uow),
        names=users.display_names(uow),
    )


def _new() -> list[MatrixRule]:
    return [
        MatrixRule(
            product=request.form.get(f"product-{at}", "")[:LONGEST],
            code=request.form.get(f"code-{at}", ""),
            need=request.form.get(f"need-{at}", "yes") == "yes",
            reason=request.form.get(f"reason-{at}", "").strip()[:LONGEST],
        )
        for at in range(NEW_LINES)
        if request.form.get(f"code-{at}", "")
    ]


def _wanted() -> Wanted:
    args = request.args
    return Wanted(
        branch=args.get("branch", 0, int),
        manager=args.get("manager", "")[:LONGEST],
        product=args.get("product", "")[:LONGEST],
        item=args.get("item", "")[:4],
        incomplete=args.get("papers") == "incomplete",
    )
