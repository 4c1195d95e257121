"""Filling a version of a template with a loan, to see it before anybody gets such a letter."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from postloan_archive.notices import barcodes, planning
from postloan_archive.notices.announcing import Breach
from postloan_archive.notices.calling import PlanRun
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.models import TemplateVersion
from postloan_archive.notices.rendering import filled, with_blanks
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.field_notes import FIELD_NOTES
from postloan_archive.notices.rules.given import GIVEN, GivenKind
from postloan_archive.notices.template_errors import NothingToFillError
from postloan_archive.notices.template_versions import letter_of
from postloan_archive.notices.templates import letter_template
from postloan_archive.uow import UnitOfWork

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
    uow.record(
        "notices.template_tried",
        f"template:{version.code}",
        version=version.number,
        version_id=version.id,
        loan_no=loan_no.strip(),
    )
    return Trial(
        docx=filled(template, letter, values, barcodes.number(letter.code, "0", today.year, 0)),
        addressee=draft.addressee.name,
        missing=(*draft.problems, *draft.warnings),
    )


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
