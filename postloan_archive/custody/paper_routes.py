"""案卷用纸 of one loan file: look, print, take as Word."""

from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.custody import file_labels, file_papers, labels
from postloan_archive.custody.file_labels import LABELS, SPINES
from postloan_archive.custody.file_papers import WORD, FileFacts
from postloan_archive.kernel.errors import _l
from postloan_archive.loans.file_frame import FileFrame, file_frame
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.wordgen import write_paper

bp = Blueprint("file_papers", __name__)

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMES: Final = {
    "inner": _l("卷内目录"),
    "note": _l("备考表"),
    "cover": _l("卷皮"),
    "spine": _l("盒脊"),
    "labels": _l("标签"),
    "transfer": _l("移交清单"),
}
USUAL_SPINE: Final = 40


@bp.get("/loans/<loan_no>/papers/<sheet>")
@requires(Permission.CUSTODY_VIEW)
def paper(loan_no: str, sheet: str) -> ResponseReturnValue:
    """Show one paper of the loan file as it prints."""
    with unit_of_work() as uow:
        file, facts = _facts(uow, loan_no, sheet)
        uow.record("custody.file_paper_printed", f"loan:{file.loan.id}", paper=sheet)
        return render_template(
            "custody/file_paper.html",
            file=file,
            facts=facts,
            name=sheet,
            names=NAMES,
            spine=_spine(),
            spines=SPINES,
            size=_size(),
            sizes=LABELS,
            skip=_skip(),
            labels=[
                (*one, labels.square(one[0]), labels.bars(one[0]))
                for one in file_labels.label_lines(facts)
            ],
            cover=file_papers.cover_pairs(facts),
            title=file_papers.cover_title(facts),
            notes=file_papers.note_lines(facts),
            spine_words=file_labels.spine_words(facts),
            square=labels.square(facts.code),
            transfer=file_papers.transfer_rows(facts),
            headings=file_papers.TRANSFER_HEADINGS,
        )


@bp.get("/loans/<loan_no>/papers/<sheet>.docx")
@requires(Permission.CUSTODY_VIEW)
def paper_word(loan_no: str, sheet: str) -> ResponseReturnValue:
    """Return one paper of the loan file as Word."""
    with unit_of_work() as uow:
        file, facts = _facts(uow, loan_no, sheet)
        if sheet == "spine":
            body = write_paper(file_labels.spine(facts, _spine()))
        elif sheet == "labels":
            lines = file_labels.label_lines(facts)
            body = write_paper(file_labels.label_paper(lines, _size(), _skip()))
        else:
            body = file_papers.word(sheet, facts)
        uow.record("custody.file_paper_exported", f"loan:{file.loan.id}", paper=sheet)
    return download(body, name=f"{_(NAMES[sheet])}_{loan_no}.docx", media_type=DOCX)


def _facts(uow: UnitOfWork, loan_no: str, name: str) -> tuple[FileFrame, FileFacts]:
    if name not in NAMES:
        raise file_papers.NoSuchPaperError
    file = file_frame(uow, loan_no, "paper")
    return file, file_papers.facts_of(uow, file.loan, file.completeness)


def _spine() -> int:
    wanted = request.args.get("spine", USUAL_SPINE, int)
    if wanted not in SPINES:
        raise file_labels.SpineWidthError
    return wanted


def _size() -> str:
    wanted = request.args.get("size", "a4")
    return wanted if wanted in LABELS else "a4"


def _skip() -> int:
    return max(0, min(request.args.get("skip", 0, int), file_labels.ON_A4 - 1))


assert set(WORD) <= set(NAMES)
