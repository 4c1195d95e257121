"""Filling a version of a template with a loan, to see it before anybody gets such a letter."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from postloan_archive.jobs import JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.notices import barcodes, planning
from postloan_archive.notices.announcing import Breach
from postloan_archive.notices.calling import PlanRun
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.models import TemplateVersion
from postloan_archive.notices.previews import Preview, draw_pages, shown
from postloan_archive.notices.rendering import filled, with_blanks
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.field_notes import FIELD_NOTES
from postloan_archive.notices.rules.given import GIVEN, GivenKind
from postloan_archive.notices.template_errors import NothingToFillError
from postloan_archive.notices.template_versions import letter_of
from postloan_archive.notices.templates import letter_template
from postloan_archive.uow import System, UnitOfWork

DRAW_TRIAL: Final = "draw_trial"  # the kind of the job
AHEAD: Final = timedelta(days=30)  # a sample day in the letters that name one
NUMBER: Final = "（试填，不编号）"
BREACH: Final = "（试填）违约事实"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A letter that nobody gets.

    Attributes:
        missing: what a run would hold the letter back for, or warn of.
    """

    docx: bytes
    addressee: str
    missing: tuple[str, ...]


def fill_with_loan(uow: UnitOfWork, version: TemplateVersion, loan_no: str) -> Trial:
    """Return the letter of a loan as this version would print it today; nothing is kept.

    Raises:
        UnknownLoanNumbersError: no such loan for this actor.
        NothingToFillError: the loan has no addressee for such a letter.
        TemplateRefusedError: the version has faults.
        LetterError: it cannot be filled.
    """
    docx, draft = _filled(uow, version, loan_no)
    uow.record(
        "notices.template_tried",
        f"template:{version.code}",
        version=version.number,
        version_id=version.id,
        loan_no=loan_no.strip(),
    )
    return Trial(
        docx=docx,
        addressee=draft.addressee.name,
        missing=(*draft.problems, *draft.warnings),
    )


def draw_trial(system: System, context: JobContext) -> None:
    """Draw the pages of a trial; drawing it again gives the same pictures."""
    version_id, loan_no = context.args
    assert isinstance(version_id, int)
    with system.look(Actor.program("job")) as uow:
        version = uow.session.get_one(TemplateVersion, version_id)
        docx, _draft = _filled(uow, version, str(loan_no))
    draw_pages(system, docx)


def preview_of_trial(
    uow: UnitOfWork, version: TemplateVersion, loan_no: str, trial: Trial, *, draw: bool = False
) -> Preview:
    """Return a trial as text at once, as pictures once a worker has drawn them."""
    return shown(uow, trial.docx, DRAW_TRIAL, (version.id, loan_no.strip()), draw=draw)


def _filled(uow: UnitOfWork, version: TemplateVersion, loan_no: str) -> tuple[bytes, Draft]:
    letter = letter_of(version.code)
    today = uow.clock.today()
    plan = PlanRun(
        kind=letter.code,
        as_of=today,
        loan_nos=(loan_no.strip(),),
        breach=Breach(fact=BREACH, due_from=today + AHEAD),
        given=_samples(letter.code, (today + AHEAD).isoformat(), today.isoformat()),
    )
    draft: Draft | None = next((draft for _, draft in planning.drafts_of(uow, plan, [])), None)
    if draft is None:
        raise NothingToFillError(loan_no=loan_no.strip())
    values = with_blanks(draft.values) | {
        "serial_no": NUMBER,
        "issue_date": date_in_body(today),
        "barcode_text": letter.code,
    }
    template = letter_template(uow, letter.template, sha256=version.sha256)
    number = barcodes.number(letter.code, "0", today.year, 0)
    return filled(template, letter, values, number), draft


def _samples(code: str, ahead: str, today: str) -> dict[str, str]:
    """Return sample facts: a letter of transfer looks back, the others look ahead."""
    back = code in {"N07", "N08", "N16"}
    return {
        fact.name: (today if back else ahead)
        if fact.kind is GivenKind.DAY
        else FIELD_NOTES[fact.name].sample
        if fact.name in FIELD_NOTES
        else f"（试填：{fact.label}）"
        for fact in GIVEN.get(code, ())
        if fact.required
    }
