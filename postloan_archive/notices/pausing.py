"""Holding a run between two letters, and going on where it stopped."""

from postloan_archive.jobs import JobState, get_job
from postloan_archive.kernel.errors import ConflictError, _l
from postloan_archive.notices import queries
from postloan_archive.notices.models import NoticeRun
from postloan_archive.uow import UnitOfWork

AT_WORK = (JobState.QUEUED, JobState.RUNNING)


class NotGeneratingError(ConflictError):
    """Only a run whose letters are being made can be held or taken up again."""

    next_step = _l("请刷新页面。")

    def __init__(self, *, run_no: str) -> None:
        super().__init__(_l("批次 {run_no} 不在生成中。"), run_no=run_no)


def pause_run(uow: UnitOfWork, run_id: int) -> NoticeRun:
    """Let the worker stop after the letters in hand; what was issued stays issued.

    Raises:
        NoticeRunNotFoundError: no such run for this actor.
        NotGeneratingError: it is not being generated.
    """
    run = _generating(uow, run_id)
    if not run.paused:
        run.paused = True
        uow.record("notices.run_paused", f"notice_run:{run.id}", run_no=run.run_no)
    return run


def resume_run(uow: UnitOfWork, run_id: int) -> NoticeRun:
    """Go on with a run that was held, or whose worker gave up; no letter is made twice.

    Raises:
        NoticeRunNotFoundError: no such run for this actor.
        NotGeneratingError: it is not being generated.
    """
    run = _generating(uow, run_id)
    run.paused = False
    at_work = run.job_id is not None and get_job(uow.session, run.job_id).state in AT_WORK
    if not at_work:
        run.job_id = uow.enqueue("issue_letters", run.id).id
    uow.record("notices.run_resumed", f"notice_run:{run.id}", run_no=run.run_no)
    return run


def _generating(uow: UnitOfWork, run_id: int) -> NoticeRun:
    run = queries.get_whole_run(uow, run_id)
    if run.state != "generating":
        raise NotGeneratingError(run_no=run.run_no)
    return run
