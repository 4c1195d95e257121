"""Issuing the letters of a run: in groups, resumable, each group one transaction."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select

from postloan_archive.jobs import Handler, JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.loans.models import Loan
from postloan_archive.notices import messages, previews, proposing, service, template_trials
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.notices.printing import print_letters
from postloan_archive.notices.receipts import read_slips
from postloan_archive.uow import System, UnitOfWork

GROUP: Final = 50  # letters a transaction: numbers, files and audit lines together


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers of the letters by job kind."""
    return {
        "issue_letters": lambda context: issue_letters(system, context),
        "print_letters": lambda context: print_letters(system, context),
        proposing.PROPOSE: lambda context: proposing.propose_letters(system, context),
        template_trials.DRAW_TRIAL: lambda context: template_trials.draw_trial(system, context),
        messages.SEND: lambda context: messages.hand_over(system, context),
        previews.DRAW: lambda context: previews.draw_letter(system, context),
        "read_slips": lambda context: read_slips(system, context),
    }


def issue_letters(system: System, context: JobContext) -> None:
    """Issue what is left of a run; a letter that cannot be rendered is kept apart.

    Safe to run again after any stop: each group is one transaction, a letter whose group was
    not committed has no number yet. A run that somebody holds stops between two groups.
    """
    (run_id,) = context.args
    assert isinstance(run_id, int)
    with system.unit_of_work(Actor.program("job")) as uow:
        total = _count(uow, run_id)
    done = 0
    while True:
        with system.unit_of_work(Actor.program("job")) as uow:
            run = uow.session.get_one(NoticeRun, run_id, with_for_update=True)
            if run.paused:
                break
            waiting = uow.session.scalars(
                select(Notice)
                .where(Notice.run_id == run_id, Notice.state == "draft")
                .order_by(Notice.position)
                .limit(GROUP)
            ).all()
            at_hand = _loans_of(uow, waiting)  # looked up together, held while they are used
            for notice in waiting:
                try:
                    service.issue_letter(uow, notice)
                except PostloanError as error:
                    _set_apart(uow, notice, error)
            del at_hand
            made = [one.document_id for one in waiting if one.document_id is not None]
            if made:
                uow.enqueue("read_documents", made)
            if not waiting:
                _finish(uow, run, total)
                return
            done = waiting[-1].position
        context.progress(done, total, _l("正在生成函件"))
    context.progress(done, total, _l("已暂停"))


def _loans_of(uow: UnitOfWork, letters: Sequence[Notice]) -> Sequence[Loan]:
    ids = sorted({one.loan_id for one in letters})
    return uow.session.scalars(select(Loan).where(Loan.id.in_(ids)).order_by(Loan.id)).all()


def _count(uow: UnitOfWork, run_id: int, *states: str) -> int:
    query = select(func.count(Notice.id)).where(Notice.run_id == run_id)
    if states:
        query = query.where(Notice.state.in_(states))
    return uow.session.scalar(query) or 0


def _finish(uow: UnitOfWork, run: NoticeRun, total: int) -> None:
    if run.state == "done":
        return  # another worker was here
    run.state = "done"
    run.finished_at = uow.clock.now()
    uow.record(
        "notices.run_finished",
        f"notice_run:{run.id}",
        letters=total,
        failed=_count(uow, run.id, "failed"),
    )


def _set_apart(uow: UnitOfWork, notice: Notice, error: PostloanError) -> None:
    """Keep a letter that could not be made, with the reason; its number is free again."""
    notice.state = "failed"
    notice.serial_no = notice.barcode = notice.issued_on = None
    notice.problems = [
        *notice.problems,
        {"severity": "error", "text": str(error), "code": "failed"},
    ]
    uow.record("notices.letter_failed", f"notice:{notice.id}", reason=str(error))
