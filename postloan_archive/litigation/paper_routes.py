"""法务 › 案件 › 文书: every court paper of a case, what is missing, the versions made."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.cases import queries as cases
from postloan_archive.kernel.errors import RuleError
from postloan_archive.litigation import making, writing
from postloan_archive.litigation.errors import UnknownPaperError
from postloan_archive.litigation.making import MakePaper
from postloan_archive.litigation.matter import Matter, matter_of
from postloan_archive.litigation.models import CasePaper
from postloan_archive.litigation.routes import bp as bp
from postloan_archive.litigation.rules.catalogue import CODES, GROUPS, PaperGroup, copies_of
from postloan_archive.litigation.rules.papers import Copies
from postloan_archive.litigation.writing import Draft
from postloan_archive.preservation import queries as preservation
from postloan_archive.web.downloads import download
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import the_system, unit_of_work
from postloan_archive.web.translations import error_text, next_step_text
from postloan_archive.wordgen import OfficeMissingError, soffice_path

__all__ = ("bp",)  # the blueprint with these pages on it
LONGEST: Final = 20_000  # characters of one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """One line of the list."""

    draft: Draft
    newest: CasePaper | None
    versions: int
    copies: Copies | None
    counted: str


@bp.get("/<case_no>/papers")
@requires(Permission.PACKAGE_VIEW)
def papers(case_no: str) -> ResponseReturnValue:
    """List the court papers of a case."""
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        matter = matter_of(uow, case)
        made = making.made_papers(uow, case.id)
        return render_template(
            "litigation/papers.html",
            row=cases.case_row(uow, case),
            groups=[(group, [_row(matter, code, made) for code in group.codes])
                    for group in GROUPS],
            measures=preservation.measures(uow, case_id=case.id),
        )  # fmt: skip


@bp.get("/<case_no>/papers/<code>")
@requires(Permission.PACKAGE_VIEW)
def paper(case_no: str, code: str) -> ResponseReturnValue:
    """Show what a paper says and what is missing."""
    return _page(case_no, code)


@bp.post("/<case_no>/papers/<code>/facts")
@requires(Permission.PACKAGE_BUILD)
def paper_facts(case_no: str, code: str) -> ResponseReturnValue:
    """Keep what a person has said for a paper, and make it where that was asked."""
    given = {
        name: text[:LONGEST]
        for name, text in request.form.items()
        if name not in {"csrf_token", "act", "reason"}
    }
    reason = request.form.get("reason", "")[:LONGEST]
    try:
        with unit_of_work() as uow:
            making.answer(uow, case_no, code, given)
        if request.form.get("act") != "make":
            flash(_("已保存。"))
            return redirect(url_for("litigation.paper", case_no=case_no, code=code))
        with unit_of_work() as uow:
            made = making.make_paper(uow, MakePaper(case_no=case_no, code=code, reason=reason))
            missing = list(made.content["missing"])
    except RuleError as error:
        problem = " ".join(filter(None, (error_text(error), next_step_text(error))))
        return _page(case_no, code, problem=problem, given=given, reason=reason)
    if missing:
        flash(_("文书已生成，留有空白：%(fields)s", fields="、".join(missing)), "warning")
    else:
        flash(_("文书已生成并归入案卷。"))
    return redirect(url_for("litigation.paper", case_no=case_no, code=code))


@bp.get("/<case_no>/papers/made/<int:paper_id>.docx")
@requires(Permission.PACKAGE_VIEW)
def paper_word(case_no: str, paper_id: int) -> ResponseReturnValue:
    """Hand out a made paper as Word file."""
    with unit_of_work() as uow:
        name, data = making.hand_out(uow, case_no, paper_id, "docx")
    return download(data, name=name, media_type=making.WORD)


@bp.get("/<case_no>/papers/made/<int:paper_id>.pdf")
@requires(Permission.PACKAGE_VIEW)
def paper_pdf(case_no: str, paper_id: int) -> ResponseReturnValue:
    """Hand out a made paper as PDF; converted the first time, no transaction open meanwhile."""
    with unit_of_work() as uow:
        name, data = making.hand_out(uow, case_no, paper_id, "pdf")
        word = uow.vault.read(making.get_made(uow, case_no, paper_id).sha256)
    if not data:
        soffice = soffice_path(the_system().settings.soffice)
        if soffice is None:
            raise OfficeMissingError
        pdf = making.as_pdf(word, soffice)
        with unit_of_work() as uow:
            making.keep_pdf(uow, case_no, paper_id, pdf)
        with unit_of_work() as uow:
            name, data = making.hand_out(uow, case_no, paper_id, "pdf")
    return download(data, name=name, media_type=making.PDF)


def _row(matter: Matter, code: str, made: list[CasePaper]) -> PaperRow:
    ours = [one for one in made if one.code == code]
    found, counted = _copies(matter, code)
    return PaperRow(
        draft=writing.draft(matter, code),
        newest=ours[0] if ours else None,
        versions=len(ours),
        copies=found,
        counted=counted,
    )


def _copies(matter: Matter, code: str) -> tuple[Copies | None, str]:
    parties = matter.source.parties
    return copies_of(
        code,
        defendants=sum(row.role == "defendant" for row in parties),
        third_parties=sum(row.role == "third_party" for row in parties),
    )


def _group(code: str) -> PaperGroup:
    return next(group for group in GROUPS if code in group.codes)


def _page(
    case_no: str,
    code: str,
    *,
    problem: str = "",
    given: dict[str, str] | None = None,
    reason: str = "",
) -> ResponseReturnValue:
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        if code not in CODES:
            raise UnknownPaperError(code=code)
        matter = matter_of(uow, case)
        draft = writing.draft(matter, code)
        found, counted = _copies(matter, code)
        page = render_template(
            "litigation/paper.html",
            row=cases.case_row(uow, case),
            draft=draft,
            group=_group(code),
            copies=found,
            counted=counted,
            versions=[one for one in making.made_papers(uow, case.id) if one.code == code],
            problem=problem,
            given=given or {},
            reason=reason,
        )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
