"""What a user does with letters: plan a run, look at its check table, issue the letters."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select

from postloan_archive.access import branches
from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import lenders
from postloan_archive.loans import queries as loans
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Loan
from postloan_archive.notices import barcodes, drafting, queries
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.errors import (
    NothingToSendError,
    RunNotDraftError,
    UnknownNoticeKindError,
)
from postloan_archive.notices.letters import LETTERS, Letter
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.rules.triggers import DUE_NOTICE_DAYS
from postloan_archive.notices.templates import letter_template
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

KINDS: Final[Mapping[str, type[Letter]]] = {letter.code: letter for letter in LETTERS}
ITEM_OF: Final = {"N01": "GL12", "N02": "BQ01", "N04": "BQ02"}  # where the letter is filed
REPEAT_DAYS: Final = 15  # a letter of the same kind within so many days is pointed out
SENT_BEFORE: Final = _l("{day} 已发过同类函件 {serial}。")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRun:
    """Letters of one kind with the amounts of one day.

    `loan_nos` None: every loan of the actor that calls for such a letter on that day.
    """

    kind: str
    as_of: date
    loan_nos: tuple[str, ...] | None = None


def plan_run(uow: UnitOfWork, cmd: PlanRun) -> NoticeRun:
    """Draft a run: one letter for each addressee, with what is missing for it.

    Raises:
        UnknownNoticeKindError: no such letter.
        LoanNotFoundError: one of `loan_nos` is no loan of this actor.
        NothingToSendError: no loan calls for the letter.
    """
    if cmd.kind not in KINDS:
        raise UnknownNoticeKindError(kind=cmd.kind, known="、".join(KINDS))
    if cmd.loan_nos is None:
        chosen = list(_candidates(uow))
    else:
        chosen = [loans.get_loan(uow, number) for number in dict.fromkeys(cmd.loan_nos)]
    template = letter_template(uow, KINDS[cmd.kind].template)
    run = NoticeRun(
        run_no=_next_run_no(uow, cmd.as_of.year),
        kind=cmd.kind,
        as_of=cmd.as_of,
        template_name=KINDS[cmd.kind].template,
        template_sha256=template.sha256,
        created_by=uow.actor.name,
        created_at=uow.clock.now(),
    )
    uow.session.add(run)
    uow.session.flush()  # the letters need the id
    for loan in chosen:
        for draft in _drafts(uow, loan, cmd, asked=cmd.loan_nos is not None):
            run.notices.append(_notice(uow, run, loan, draft))
    if not run.notices:
        raise NothingToSendError(kind=cmd.kind, as_of=cmd.as_of)
    run.state = "checked"
    uow.record(
        "notices.run_planned",
        f"notice_run:{run.id}",
        kind=cmd.kind,
        as_of=cmd.as_of.isoformat(),
        letters=len(run.notices),
        blocked=sum(notice.state == "blocked" for notice in run.notices),
    )
    return run


def start_run(uow: UnitOfWork, run_id: int) -> NoticeRun:
    """Hand the run to a worker, which issues every letter that nothing blocks.

    Raises:
        NoticeRunNotFoundError: no such run for this actor.
        RunNotDraftError: it was generated before.
    """
    run = queries.get_run(uow, run_id)
    if run.state not in {"draft", "checked"}:
        raise RunNotDraftError(run_no=run.run_no)
    run.state = "generating"
    run.job_id = uow.enqueue("issue_letters", run.id).id
    uow.record("notices.run_started", f"notice_run:{run.id}", run_no=run.run_no)
    return run


def issue_letter(uow: UnitOfWork, notice: Notice) -> bytes:
    """Number, render and file one letter; frozen from now on.

    Returns:
        The letter as .docx, as it is in the vault.
    """
    kind = KINDS[notice.kind]
    today = uow.clock.today()
    code = branches.code_of(uow, notice.branch_id)
    sequence = _next_sequence(uow, notice.branch_id, today.year)
    notice.serial_no = f"〔{today.year}〕催字第{sequence:04d}号"
    notice.barcode = barcodes.number(notice.kind, code, today.year, sequence)
    notice.issued_on = today
    notice.snapshot = notice.snapshot | {
        "serial_no": notice.serial_no,
        "issue_date": date_in_body(today),
        "barcode_text": notice.barcode,
    }
    data = render(uow, notice)
    loan = loans.get_loan_by_id(uow, notice.loan_id)
    title = f"{NOTICES[notice.kind].title}（{notice.snapshot['addressee']}）"
    document = archive.file_made(
        uow,
        FileMade(
            loan_id=notice.loan_id,
            item_code=ITEM_OF[kind.code],
            name=f"{notice.serial_no}{title}.docx",
            title=title,
            stream=io.BytesIO(data),
            doc_no=notice.serial_no,
            author=str(notice.snapshot["issuer"]),
            doc_date=today,
        ),
    )
    notice.document_id = document.id
    notice.state = "issued"
    uow.session.flush()  # the next letter counts the serial numbers
    uow.record(
        "notices.letter_issued",
        f"notice:{notice.id}",
        loan_no=loan.loan_no,
        kind=notice.kind,
        serial_no=notice.serial_no,
        total=None if notice.total is None else str(notice.total),
        sha256=document.sha256,
    )
    return data


def render(uow: UnitOfWork, notice: Notice) -> bytes:
    """Return the letter from its frozen blanks and template: the same bytes every time."""
    kind = KINDS[notice.kind]
    template = letter_template(uow, kind.template, sha256=notice.run.template_sha256)
    names = {spec.name for spec in fields(kind)} - {"barcode"}
    values = {name: notice.snapshot[name] for name in names}
    letter = kind(**values, barcode=barcodes.picture(str(notice.barcode)))
    return template.compiled.render(letter)


def _candidates(uow: UnitOfWork) -> Iterator[Loan]:
    """Yield the loans that may call for the letter on the day; drafting decides."""
    query = (
        select(Loan)
        .where(Loan.id.in_(loans.visible_ids(uow)), Loan.settled_on.is_(None))
        .order_by(Loan.branch_id, Loan.loan_no)
    )
    yield from uow.session.scalars(query)


def _drafts(uow: UnitOfWork, loan: Loan, cmd: PlanRun, *, asked: bool) -> Iterator[Draft]:
    """Yield the letters of a loan; unless `asked`, only those that are called for."""
    lender = lenders.lender_of(uow, loan.branch_id)
    contact = _contact(lender, loan)
    if cmd.kind == "N01":
        last = cmd.as_of + timedelta(days=DUE_NOTICE_DAYS)
        draft = drafting.draft_due_notice(loan, lender, cmd.as_of, contact)
        due = any(cmd.as_of < row.due_on <= last and row.principal for row in loan.schedule)
        if asked or (due and loan.due_on <= last and not draft.position.overdue_days):
            yield draft
    elif cmd.kind == "N02":
        draft = drafting.draft_demand(loan, lender, cmd.as_of, contact)
        if asked or draft.position.overdue_days:
            yield draft
    else:
        calendar = load_calendar(uow.session)
        for guarantee in loan.guarantees:
            draft = drafting.draft_guarantor_notice(
                loan, guarantee, lender, cmd.as_of, contact, calendar
            )
            if asked or (draft.position.overdue_days and guarantee.kind == "joint"):
                yield draft


def _notice(uow: UnitOfWork, run: NoticeRun, loan: Loan, draft: Draft) -> Notice:
    warnings = [*draft.warnings, *_sent_before(uow, run, loan, draft)]
    return Notice(
        position=len(run.notices) + 1,
        kind=run.kind,
        loan_id=loan.id,
        branch_id=loan.branch_id,
        guarantee_id=draft.guarantee.id if draft.guarantee else None,
        addressee_id=draft.addressee.id,
        state="blocked" if draft.problems else "draft",
        problems=[
            *({"severity": "error", "text": text} for text in draft.problems),
            *({"severity": "warning", "text": text} for text in warnings),
        ],
        snapshot=draft.values | {"addressee": draft.addressee.name},
        derivation=list(draft.derivation),
        total=draft.position.total_due,
    )


def _sent_before(uow: UnitOfWork, run: NoticeRun, loan: Loan, draft: Draft) -> Iterator[str]:
    rows = uow.session.execute(
        select(Notice.issued_on, Notice.serial_no)
        .where(
            Notice.loan_id == loan.id,
            Notice.kind == run.kind,
            Notice.addressee_id == draft.addressee.id,
            Notice.issued_on >= run.as_of - timedelta(days=REPEAT_DAYS),
        )
        .order_by(Notice.issued_on)
    )
    for day, serial in rows:
        yield SENT_BEFORE.format(day=day, serial=serial)


def _contact(lender: Lender, loan: Loan) -> str:
    if not lender.phone:
        return ""
    return f"{loan.manager}，{lender.phone}" if loan.manager else lender.phone


def _next_run_no(uow: UnitOfWork, year: int) -> str:
    stem = f"CH{year}-"
    last = uow.session.scalar(
        select(func.max(NoticeRun.run_no)).where(NoticeRun.run_no.startswith(stem))
    )
    return f"{stem}{int(last[len(stem) :]) + 1 if last else 1:04d}"


def _next_sequence(uow: UnitOfWork, branch_id: int, year: int) -> int:
    count = uow.session.scalar(
        select(func.count()).where(
            Notice.branch_id == branch_id, Notice.serial_no.startswith(f"〔{year}〕")
        )
    )
    return (count or 0) + 1
