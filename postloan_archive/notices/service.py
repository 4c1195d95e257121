"""What a user does with letters: plan a run, settle its check table, issue the letters."""

import io
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Final

from sqlalchemy import func, select

from postloan_archive.access import branches
from postloan_archive.archive import service as archive
from postloan_archive.archive.models import Document
from postloan_archive.archive.service import FileMade
from postloan_archive.loans import queries as loans
from postloan_archive.notices import barcodes, planning, queries
from postloan_archive.notices.calling import PlanRun
from postloan_archive.notices.checks import load_checks
from postloan_archive.notices.errors import (
    FutureCutoffError,
    LetterChangedError,
    NothingToIssueError,
    NothingToSendError,
    ReasonForWarningsError,
    RunNotDraftError,
    UnknownNoticeKindError,
)
from postloan_archive.notices.kinds import ITEM_OF, KINDS
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.notices.planning import OPEN_STATES, REMOVED, LeftOut
from postloan_archive.notices.rendering import preview, render
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.rules.given import checked_given
from postloan_archive.notices.templates import InUse
from postloan_archive.uow import UnitOfWork

_CODES: Final = "codes of branches"  # in the notes of the session
_GIVEN: Final = "letter numbers given"  # in the notes of the session
__all__ = [
    "ITEM_OF",
    "KINDS",
    "OPEN_STATES",
    "PlanRun",
    "issue_letter",
    "plan_run",
    "preview",
    "recheck_run",
    "remove_letter",
    "render",
    "restore_letter",
    "retry_failed",
    "start_run",
]


def plan_run(uow: UnitOfWork, cmd: PlanRun, *, left_out: Iterable[LeftOut] = ()) -> NoticeRun:
    """Draft a run: one letter for each addressee, with what is missing for it.

    Args:
        uow: the unit of work.
        cmd: which letters.
        left_out: rows of a sheet that stand for no loan; the run names them with the others.

    Raises:
        UnknownNoticeKindError: no such letter.
        FutureCutoffError: a person asks for the amounts of a day to come; a program of the
            operator gets them with a warning on each letter.
        UnknownLoanNumbersError: some of `loan_nos` are no loans of this actor.
        GivenFactsError: facts that these letters need are missing.
        NothingToSendError: no loan calls for the letter.
    """
    if cmd.kind not in KINDS:
        raise UnknownNoticeKindError(kind=cmd.kind, known="、".join(KINDS))
    if cmd.as_of > uow.clock.today() and not uow.actor.unlimited:
        raise FutureCutoffError(as_of=cmd.as_of, today=uow.clock.today())
    cmd = replace(cmd, given=checked_given(cmd.kind, cmd.given))
    without = list(left_out)
    templates = InUse(uow, KINDS[cmd.kind])
    run = NoticeRun(
        run_no=_next_run_no(uow, cmd.as_of.year),
        kind=cmd.kind,
        as_of=cmd.as_of,
        template_name=KINDS[cmd.kind].template,
        template_sha256=templates.of(None).sha256,
        created_by=uow.actor.name,
        created_at=uow.clock.now(),
    )
    checks = load_checks(uow, cmd.kind, cmd.as_of)
    with uow.session.no_autoflush:  # the numbers of this run are not looked for meanwhile
        for loan, draft in planning.drafts_of(uow, cmd, without):
            notice = planning.add_letter(uow, run, loan, draft, checks, cmd.given)
            _take_template(notice, templates)
    run.left_out = [asdict(one) for one in without]
    if not run.notices:
        raise NothingToSendError(
            kind=cmd.kind, as_of=cmd.as_of, reasons=[(one.what, one.reason) for one in without]
        )
    run.state = "checked"
    uow.session.add(run)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "notices.run_planned",
        f"notice_run:{run.id}",
        kind=cmd.kind,
        as_of=cmd.as_of.isoformat(),
        letters=len(run.notices),
        blocked=sum(notice.state == "blocked" for notice in run.notices),
        left_out=len(without),
    )
    return run


def recheck_run(uow: UnitOfWork, run_id: int) -> NoticeRun:
    """Draft the letters of an open run again; what a person took out stays out.

    Raises:
        NoticeRunNotFoundError: no such run for this actor.
        RunNotDraftError: it was generated before.
    """
    run = _open_run(uow, run_id)
    checks = load_checks(uow, run.kind, run.as_of)
    templates = InUse(uow, KINDS[run.kind])  # a version published meanwhile is taken
    run.template_sha256 = templates.of(None).sha256
    again = planning.drafts_again(uow, run, run.notices)
    for notice in run.notices:
        if notice.id not in again:  # a guarantee was struck meanwhile, say
            planning.set_aside(notice)
            continue
        planning.fill(uow, run, notice, *again[notice.id], checks)
        _take_template(notice, templates)
    uow.record("notices.run_checked_again", f"notice_run:{run.id}", run_no=run.run_no)
    return run


def remove_letter(uow: UnitOfWork, notice_id: int, reason: str) -> Notice:
    """Take a letter out of its open run, with a reason.

    Raises:
        NoticeNotFoundError: no such letter for this actor.
        LetterChangedError: it was issued.
    """
    notice = _open_letter(uow, notice_id)
    text = f"经办人移除：{reason.strip() or '未填理由'}"
    notice.problems = [
        {"severity": "error", "text": text, "code": REMOVED},
        *(row for row in notice.problems if row.get("code") != REMOVED),
    ]
    notice.state = "blocked"
    uow.record("notices.letter_removed", f"notice:{notice.id}", reason=reason.strip())
    return notice


def restore_letter(uow: UnitOfWork, notice_id: int) -> Notice:
    """Put a letter back that a person took out; what is missing for it still holds it back.

    Raises:
        NoticeNotFoundError: no such letter for this actor.
        LetterChangedError: it was issued.
    """
    notice = _open_letter(uow, notice_id)
    notice.problems = [row for row in notice.problems if row.get("code") != REMOVED]
    errors = any(row["severity"] == "error" for row in notice.problems)
    notice.state = "blocked" if errors else "draft"
    uow.record("notices.letter_restored", f"notice:{notice.id}")
    return notice


def start_run(uow: UnitOfWork, run_id: int, *, reason: str = "") -> NoticeRun:
    """Hand the run to a worker, which issues every letter that nothing blocks.

    Args:
        uow: the unit of work.
        run_id: the run.
        reason: why letters with warnings are sent all the same; programs need none.

    Raises:
        NoticeRunNotFoundError: no such run for this actor.
        RunNotDraftError: it was generated before.
        NothingToIssueError: every letter is held back.
        ReasonForWarningsError: a person gave no reason.
    """
    run = _open_run(uow, run_id)
    ready = [notice for notice in run.notices if notice.state == "draft"]
    if not ready:
        raise NothingToIssueError
    warned = [n for n in ready if any(row["severity"] == "warning" for row in n.problems)]
    if warned and not reason.strip() and not uow.actor.unlimited:
        raise ReasonForWarningsError(count=len(warned))
    if reason.strip():
        for notice in warned:
            note = {"severity": "note", "text": f"仍然发送：{reason.strip()}"}
            notice.problems = [*notice.problems, note]
    run.state = "generating"
    run.job_id = uow.enqueue("issue_letters", run.id).id
    uow.record(
        "notices.run_started",
        f"notice_run:{run.id}",
        run_no=run.run_no,
        letters=len(ready),
        warned=len(warned),
        reason=reason.strip(),
    )
    return run


def retry_failed(uow: UnitOfWork, run_id: int) -> NoticeRun:
    """Let a worker try the failed letters of a run again.

    Raises:
        NoticeRunNotFoundError: no such run for this actor.
        NothingToIssueError: none has failed.
    """
    run = queries.get_whole_run(uow, run_id)
    failed = [notice for notice in run.notices if notice.state == "failed"]
    if not failed:
        raise NothingToIssueError
    for notice in failed:
        notice.state = "draft"
        notice.problems = [row for row in notice.problems if row.get("code") != "failed"]
    run.state = "generating"
    run.job_id = uow.enqueue("issue_letters", run.id).id
    uow.record(
        "notices.run_started",
        f"notice_run:{run.id}",
        run_no=run.run_no,
        letters=len(failed),
        again=True,
    )
    return run


def issue_letter(uow: UnitOfWork, notice: Notice) -> bytes:
    """Number, render and file one letter; frozen from now on.

    The caller puts in the job that reads the papers of a group of letters.

    Returns:
        The letter as .docx, as it is in the vault.

    Raises:
        PlaceholderLeftError: a blank is not filled in.
        LetterError: the template cannot be filled.
    """
    today = uow.clock.today()
    code = _code_of(uow, notice.branch_id)
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
    document = _filed(uow, notice, notice.loan_id, data, read=False)
    for number in notice.snapshot.get("loan_nos", ())[1:]:  # an announcement of several loans
        _filed(uow, notice, loans.get_loan(uow, number).id, data)
    notice.document_id = document.id
    notice.state = "issued"
    _numbers_given(uow)[notice.branch_id, today.year] = sequence  # only now is it used
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


def _filed(
    uow: UnitOfWork, notice: Notice, loan_id: int, data: bytes, *, read: bool = True
) -> Document:
    title = f"{NOTICES[notice.kind].title}（{notice.snapshot['addressee']}）"
    return archive.file_made(
        uow,
        FileMade(
            loan_id=loan_id,
            item_code=ITEM_OF[notice.kind],
            name=f"{notice.serial_no}{title}.docx",
            title=title,
            stream=io.BytesIO(data),
            doc_no=notice.serial_no or "",
            author=str(notice.snapshot["issuer"]),
            doc_date=notice.issued_on,
            read=read,
        ),
    )


def _take_template(notice: Notice, templates: InUse) -> None:
    version = templates.of(notice.branch_id)
    notice.template_sha256, notice.template_version_id = version.sha256, version.id


def _open_run(uow: UnitOfWork, run_id: int) -> NoticeRun:
    run = queries.get_whole_run(uow, run_id)
    if run.state not in OPEN_STATES:
        raise RunNotDraftError(run_no=run.run_no)
    return run


def _open_letter(uow: UnitOfWork, notice_id: int) -> Notice:
    notice = queries.get_notice(uow, notice_id)
    if notice.run.state not in OPEN_STATES or notice.state == "issued":
        raise LetterChangedError(addressee=str(notice.snapshot.get("addressee", "")))
    return notice


def _next_run_no(uow: UnitOfWork, year: int) -> str:
    stem = f"CH{year}-"
    last = uow.session.scalar(
        select(func.max(NoticeRun.run_no)).where(NoticeRun.run_no.startswith(stem))
    )
    return f"{stem}{int(last[len(stem) :]) + 1 if last else 1:04d}"


def _next_sequence(uow: UnitOfWork, branch_id: int, year: int) -> int:
    """Return the next number of a branch in a year; counted once in a unit of work."""
    given = _numbers_given(uow)
    if (branch_id, year) not in given:
        count = uow.session.scalar(
            select(func.count()).where(
                Notice.branch_id == branch_id, Notice.serial_no.startswith(f"〔{year}〕")
            )
        )
        given[branch_id, year] = count or 0
    return given[branch_id, year] + 1


def _numbers_given(uow: UnitOfWork) -> dict[tuple[int, int], int]:
    """Return the last number by branch and year that this unit of work knows of."""
    found: dict[tuple[int, int], int] = uow.session.info.setdefault(_GIVEN, {})
    return found


def _code_of(uow: UnitOfWork, branch_id: int) -> str:
    """Return the code of a branch; looked up once in a unit of work."""
    known: dict[int, str] = uow.session.info.setdefault(_CODES, {})
    if branch_id not in known:
        known[branch_id] = branches.code_of(uow, branch_id)
    return known[branch_id]
